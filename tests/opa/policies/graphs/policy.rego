package graphs

reachable := graph.reachable(data.reports, {input.person})

paths := graph.reachable_paths(data.reports, {input.person})

leaves := {[path, value] | walk(input.tree, [path, value]); not is_object(value); not is_array(value)}
