package lib.x

import data.authz

p := authz.allow if {
	input.a[b].c
	data.base[b]
	with_it
}

with_it if data.authz.q with input as {"xs": data.zz.y} with data.mm as 1

h if {
	every x in data.every.s { x == data.every2[x].t }
	not data.neg.a
}

r[k] := [y | y := data.compr[_]] if some k in data.kk
s.t.u := 1 if input.stu
s.t.v[z] := 1 if z := data.szv

mocked if f(input.a) == 2 with f as data.lib.x.g with data.t.u as input.w

f(x) := x + data.f.base

default g(_) := 0

g(x) := x * data.g.base
