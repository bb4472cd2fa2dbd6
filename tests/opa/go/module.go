package main

import (
	"context"
	"os"
	"runtime"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
	_ "github.com/open-policy-agent/opa/v1/features/wasm"
	"github.com/open-policy-agent/opa/v1/resolver"
	"github.com/open-policy-agent/opa/v1/resolver/wasm"
	"github.com/open-policy-agent/opa/v1/util"
)

// A module with its data in OPA's Wasm engine.
type module struct {
	path, data, entrypoint string
	resolver               *wasm.Resolver
}

func (p *programs) byModule(ctx context.Context, request *request) (answer, error) {
	module, err := p.load(ctx, request)
	if err != nil {
		return nil, err
	}
	for _, patch := range request.Patches {
		if err := module.change(ctx, patch); err != nil {
			return nil, err
		}
	}
	if len(request.Patches) > 0 {
		// The next request is about the data as it was given.
		p.module = nil
		defer module.resolver.Close()
	}
	answered, err := module.decide(ctx, request)
	if err != nil || request.Repeat == 0 {
		return answered, err
	}
	before := heap()
	for range request.Repeat {
		if answered, err = module.decide(ctx, request); err != nil {
			return nil, err
		}
	}
	answered["grown"] = max(heap()-before, 0)
	return answered, nil
}

func (p *programs) load(ctx context.Context, request *request) (*module, error) {
	data := request.Data
	last := p.module
	if last != nil && last.path == request.Module && last.data == data && last.entrypoint == request.Entrypoint {
		return last, nil
	}
	if last != nil {
		last.resolver.Close()
		p.module = nil
	}
	policy, err := os.ReadFile(request.Module)
	if err != nil {
		return nil, err
	}
	document := any(map[string]any{})
	if data != "" {
		if err := util.UnmarshalJSON([]byte(data), &document); err != nil {
			return nil, err
		}
	}
	made, err := wasm.NewWithContext(ctx, []ast.Ref{reference(request.Entrypoint)}, policy, document)
	if err != nil {
		return nil, err
	}
	p.module = &module{request.Module, data, request.Entrypoint, made}
	return p.module, nil
}

func (m *module) change(ctx context.Context, patch patch) error {
	if patch.Value == "" {
		return m.resolver.RemoveDataPath(ctx, patch.Path)
	}
	var value any
	if err := util.UnmarshalJSON([]byte(patch.Value), &value); err != nil {
		return err
	}
	return m.resolver.SetDataPath(ctx, patch.Path, value)
}

func (m *module) decide(ctx context.Context, request *request) (answer, error) {
	input := resolver.Input{Ref: reference(request.Entrypoint)}
	if request.Input != "" {
		value, err := ast.ValueFromReader(strings.NewReader(request.Input))
		if err != nil {
			return nil, err
		}
		input.Input = ast.NewTerm(value)
	}
	result, err := m.resolver.Eval(ctx, input)
	if err != nil {
		return nil, err
	}
	if result.Value == nil {
		return answer{}, nil
	}
	value, err := ast.JSON(result.Value)
	if err != nil {
		return nil, err
	}
	return answer{"result": value}, nil
}

// The reference that an entrypoint's path stands for.
func reference(entrypoint string) ast.Ref {
	ref := ast.DefaultRootRef.Copy()
	for name := range strings.SplitSeq(entrypoint, "/") {
		ref = append(ref, ast.StringTerm(name))
	}
	return ref
}

// How many bytes are in use. The memory of the module is among them.
func heap() int64 {
	runtime.GC()
	var memory runtime.MemStats
	runtime.ReadMemStats(&memory)
	return int64(memory.HeapAlloc)
}
