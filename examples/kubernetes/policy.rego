# METADATA
# title: Kubernetes admission
# description: Answers AdmissionReview requests for pods.
package kubernetes.admission

allowed_registries := {"registry.example.com", "ghcr.io"}

# METADATA
# title: The AdmissionReview that answers the request
# entrypoint: true
review := {
	"apiVersion": "admission.k8s.io/v1",
	"kind": "AdmissionReview",
	"response": response,
}

response := {"uid": input.request.uid, "allowed": true} if count(deny) == 0

response := {
	"uid": input.request.uid,
	"allowed": false,
	"status": {"code": 403, "message": concat("; ", sort(deny))},
} if {
	count(deny) > 0
}

# METADATA
# title: Why the request is denied
# entrypoint: true
deny contains message if {
	some container in containers
	registry := container_registry(container.image)
	not registry in allowed_registries
	message := sprintf("container %s: images from %s are not allowed", [container.name, registry])
}

deny contains message if {
	some container in containers
	not tagged(container.image)
	message := sprintf("container %s: image %s needs a tag other than latest, or a digest", [container.name, container.image])
}

deny contains message if {
	some container in containers
	container.securityContext.privileged
	message := sprintf("container %s: privileged containers are not allowed", [container.name])
}

deny contains message if {
	some container in containers
	some resource in ["cpu", "memory"]
	not container.resources.limits[resource]
	message := sprintf("container %s: no %s limit", [container.name, resource])
}

deny contains "pods may not use the host's network" if pod.hostNetwork

pod := input.request.object.spec if input.request.kind.kind == "Pod"

containers contains container if some container in pod.containers

containers contains container if some container in pod.initContainers

# Docker's rule: the first part names a registry if it looks like a host.
container_registry(image) := parts[0] if {
	parts := split(image, "/")
	count(parts) > 1
	regex.match(`[.:]|^localhost$`, parts[0])
} else := "docker.io"

tagged(image) if contains(image, "@sha256:")

tagged(image) if {
	name := regex.find_all_string_submatch_n(`[^/]+$`, image, 1)[0][0]
	[_, tag] := split(name, ":")
	tag != "latest"
}
