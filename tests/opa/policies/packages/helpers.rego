package packages.helpers

active(user) if not user.locked

share(part, whole) := sprintf("%d of %d", [part, whole])
