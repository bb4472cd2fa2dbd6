# A package as an entrypoint is the object of its rules; helpers in another package are not in it.
package packages.api.v1

import data.packages.helpers

users := [user.name | some user in data.accounts; helpers.active(user)]

ratio := helpers.share(count(users), count(data.accounts))

hidden if input.show
