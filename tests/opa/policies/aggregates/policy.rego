# Aggregates and sorting over values of every kind.
package aggregates

totals := {"sum": sum(input.numbers), "product": product(input.numbers), "count": count(input.numbers)}

bounds := {"min": min(input.mixed), "max": max(input.mixed)}

sorted := sort(input.mixed)
