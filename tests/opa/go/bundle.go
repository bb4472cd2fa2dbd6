package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/compile"
	"github.com/open-policy-agent/opa/v1/logging"
	"github.com/open-policy-agent/opa/v1/sdk"
	"github.com/open-policy-agent/opa/v1/util"
)

// An OPA that has loaded a bundle.
type loaded struct {
	path string
	opa  *sdk.OPA
}

func (p *programs) byBundle(ctx context.Context, request *request) (answer, error) {
	if p.bundle == nil || p.bundle.path != request.Bundle {
		if p.bundle != nil {
			p.bundle.opa.Stop(ctx)
			p.bundle = nil
		}
		opa, err := start(ctx, request.Bundle)
		if err != nil {
			return nil, err
		}
		p.bundle = &loaded{request.Bundle, opa}
	}
	options := sdk.DecisionOptions{Path: request.Entrypoint}
	if request.Input != "" {
		var input any
		if err := util.UnmarshalJSON([]byte(request.Input), &input); err != nil {
			return nil, err
		}
		options.Input = &input
	}
	decision, err := p.bundle.opa.Decision(ctx, options)
	if sdk.IsUndefinedErr(err) {
		return answer{}, nil
	}
	if err != nil {
		return nil, err
	}
	return answer{"result": decision.Result}, nil
}

// Starts an OPA whose only bundle is a file.
func start(ctx context.Context, bundle string) (*sdk.OPA, error) {
	config, err := json.Marshal(map[string]any{
		"bundles": map[string]any{"policy": map[string]any{"resource": "file://" + bundle}},
	})
	if err != nil {
		return nil, err
	}
	return sdk.New(ctx, sdk.Options{
		Config:        bytes.NewReader(config),
		Logger:        logging.NewNoOpLogger(),
		ConsoleLogger: logging.NewNoOpLogger(),
	})
}

func build(ctx context.Context, request *request) (answer, error) {
	var bundle bytes.Buffer
	compiler := compile.New().
		WithTarget(request.Target).
		WithRegoVersion(ast.RegoV1).
		WithEntrypoints(request.Entrypoints...).
		WithPaths(request.Paths...).
		WithOutput(&bundle)
	if err := compiler.Build(ctx); err != nil {
		return nil, err
	}
	return answer{"result": true}, os.WriteFile(request.Build, bundle.Bytes(), 0o600)
}
