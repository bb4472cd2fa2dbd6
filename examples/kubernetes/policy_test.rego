package kubernetes.admission_test

import data.kubernetes.admission

container := {
	"name": "app",
	"image": "registry.example.com/app:1.4.2",
	"resources": {"limits": {"cpu": "1", "memory": "128Mi"}},
}

review(pod) := {"request": {
	"uid": "705ab4f5-6393-11e8-b7cc-42010a800002",
	"kind": {"group": "", "version": "v1", "kind": "Pod"},
	"operation": "CREATE",
	"object": {"metadata": {"name": "app"}, "spec": pod},
}}

test_a_good_pod_is_admitted if {
	answer := admission.review with input as review({"containers": [container]})
	answer.response == {"uid": "705ab4f5-6393-11e8-b7cc-42010a800002", "allowed": true}
}

test_other_registries_are_refused if {
	refused := {"nginx:1.27": "docker.io", "quay.io/app/app:1": "quay.io", "docker.io/library/nginx:1": "docker.io"}
	every image, registry in refused {
		messages := admission.deny with input as review({"containers": [object.union(container, {"image": image})]})
		messages == {$"container app: images from {registry} are not allowed"}
	}
}

test_latest_is_refused if {
	every image in ["ghcr.io/app", "ghcr.io/app:latest"] {
		count(admission.deny) == 1 with input as review({"containers": [object.union(container, {"image": image})]})
	}
}

test_digests_are_fine if {
	image := concat("", ["ghcr.io/app@sha256:", "0123456789abcdef"])
	count(admission.deny) == 0 with input as review({"containers": [object.union(container, {"image": image})]})
}

test_limits_are_needed if {
	messages := admission.deny with input as review({"containers": [object.remove(container, ["resources"])]})
	messages == {"container app: no cpu limit", "container app: no memory limit"}
}

test_init_containers_count_too if {
	privileged := object.union(container, {"name": "setup", "securityContext": {"privileged": true}})
	messages := admission.deny with input as review({"containers": [container], "initContainers": [privileged]})
	messages == {"container setup: privileged containers are not allowed"}
}

test_the_host_network_is_refused if {
	answer := admission.review with input as review({"hostNetwork": true, "containers": [container]})
	answer.response.allowed == false
	answer.response.status.message == "pods may not use the host's network"
}

test_other_kinds_are_admitted if {
	answer := admission.review with input as {"request": {"uid": "1", "kind": {"kind": "Service"}, "object": {"spec": {}}}}
	answer.response.allowed
}
