// Decisions and bundles by OPA's Go SDK: requests in, answers out, a line of JSON each.
//
//   - {module, data?, entrypoint, input?, repeat?}: a decision by OPA's Wasm engine. With `repeat` it is made as often,
//     and the answer tells by how many bytes the heap grew meanwhile.
//   - {module, data, entrypoint, input?, patches}: the data is changed in place before the decision.
//   - {bundle, entrypoint, input?}: a decision by an OPA that has loaded the bundle file.
//   - {build, target, entrypoints, paths}: makes the bundle file `build`.
//
// Data, input and values are JSON text. The answer to a decision is {result}, or {} if there is none; that to anything that failed is {error}.
package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
)

type request struct {
	Module      string   `json:"module"`
	Bundle      string   `json:"bundle"`
	Data        string   `json:"data"`
	Entrypoint  string   `json:"entrypoint"`
	Input       string   `json:"input"`
	Repeat      int      `json:"repeat"`
	Patches     []patch  `json:"patches"`
	Build       string   `json:"build"`
	Target      string   `json:"target"`
	Entrypoints []string `json:"entrypoints"`
	Paths       []string `json:"paths"`
}

// A change of the data: without a value, what is at the path goes.
type patch struct {
	Path  []string `json:"path"`
	Value string   `json:"value"`
}

type answer map[string]any

// The policies that the last requests were about.
type programs struct {
	module *module
	bundle *loaded
}

func main() {
	if err := serve(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func serve() error {
	ctx := context.Background()
	programs := &programs{}
	lines := bufio.NewReader(os.Stdin)
	out := json.NewEncoder(os.Stdout)
	out.SetEscapeHTML(false)
	for {
		line, err := lines.ReadBytes('\n')
		if len(bytes.TrimSpace(line)) == 0 {
			if err != nil {
				return nil
			}
			continue
		}
		var request request
		if err := json.Unmarshal(line, &request); err != nil {
			return err
		}
		answered, err := programs.answer(ctx, &request)
		if err != nil {
			answered = answer{"error": err.Error()}
		}
		if err := out.Encode(answered); err != nil {
			return err
		}
	}
}

func (p *programs) answer(ctx context.Context, request *request) (answer, error) {
	switch {
	case request.Build != "":
		return build(ctx, request)
	case request.Bundle != "":
		return p.byBundle(ctx, request)
	default:
		return p.byModule(ctx, request)
	}
}
