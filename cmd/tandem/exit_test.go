package main

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/api/gen"
	"tandem/fault"
)

func TestWrongUsageIsToldApart(t *testing.T) {
	startAPI(t, gen.InstanceList{})
	for name, args := range map[string][]string{
		"unknown command":       {"nonsense"},
		"unknown flag":          {"jobs", "--nonsense"},
		"too few arguments":     {"sync"},
		"too many arguments":    {"instance", "connect", "a", "b"},
		"missing flag":          {"schedule", "set", "shop"},
		"flags that do not fit": {"sync", "shop", "--ids", "1", "--changes"},
		"no number":             {"jobs", "--limit", "many"},
		"bad time":              {"sync", "shop", "--from", "yesterday"},
		"bad id":                {"instance", "add", "My Shop", "--url", "x"},
		"filter without store":  {"jobs", "process"},
	} {
		_, stderr, code := program(t, args...)
		require.Equal(t, exitUsage, code, name)
		require.NotEmpty(t, stderr, name)
	}
}

func TestExitCodesOfRefusals(t *testing.T) {
	stub := startAPI(t, gen.InstanceList{})
	stub.missing("POST /instances/none/connect")
	stub.refuse("GET /jobs", http.StatusUnprocessableEntity, fault.Invalid, "instance: there is no instance")
	stub.refuse("GET /instances", http.StatusServiceUnavailable, fault.Unavailable, "ask again later")
	for _, c := range []struct {
		code int
		args []string
	}{
		{exitFailure, []string{"instance", "connect", "none"}},
		{exitUsage, []string{"jobs", "--instance", "none"}},
		{exitFailure, []string{"status"}},
	} {
		stdout, stderr, code := program(t, c.args...)
		require.Equal(t, c.code, code, c.args)
		require.Empty(t, stdout)
		require.Contains(t, stderr, "tandem: ")
	}
}

func ended(state gen.OperationState, parked, failed int) gen.Operation {
	return gen.Operation{
		ID: firstID, State: state, Instances: []string{"shop"}, TemporalURL: "http://127.0.0.1:8233/" + firstID,
		Progress: []gen.Progress{{Instance: "shop", Entity: "order", State: state, Read: 5, Parked: parked, Failed: failed}},
	}
}

func TestExitCodesOfImports(t *testing.T) {
	for name, c := range map[string]struct {
		op   gen.Operation
		code int
	}{
		"done":      {ended(gen.OperationStateDone, 0, 0), 0},
		"parked":    {ended(gen.OperationStateDone, 1, 0), exitTrouble},
		"failed":    {ended(gen.OperationStateDone, 0, 1), exitTrouble},
		"cancelled": {ended(gen.OperationStateCancelled, 0, 0), exitFailure},
		"not done":  {ended(gen.OperationStateFailed, 0, 0), exitFailure},
	} {
		startAPI(t, c.op)
		stdout, stderr, code := program(t, "sync", "shop")
		require.Equal(t, c.code, code, name)
		require.Contains(t, stderr, "operation "+firstID, name)
		require.Contains(t, stderr, "http://127.0.0.1:8233/"+firstID, name)
		require.Equal(t, c.code == exitTrouble, len(stdout) > 0 && containsAll(stdout, "tandem jobs process --instance shop"), name)
		stdout, _, code = program(t, "sync", "shop", "--json")
		require.Equal(t, c.code, code, name)
		document(t, stdout)
	}
}

// Whoever stops watching is told that the work goes on, and how to stop it.
func TestInterruptedWatching(t *testing.T) {
	startAPI(t, gen.Operation{ID: firstID, State: gen.OperationStateRunning})
	stderr, code := interrupted(t, "sync", "shop")
	require.Equal(t, exitFailure, code)
	require.Contains(t, stderr, "the operation goes on")
	require.Contains(t, stderr, "tandem operations cancel "+firstID)
}
