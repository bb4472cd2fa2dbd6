# Input and data as they are: what hosts hand over, and change in place.
package documents

default allow := false

allow if data.users[input.user].active

echo := input

limits := data.limits

all.users := data.users

all.limits := data.limits

all.fresh := data.fresh

all.made := data.made
