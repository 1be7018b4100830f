package workflows

import (
	"context"
	"encoding/json"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/mock"
	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/testsuite"

	"tandem/activities"
	"tandem/fault"
	"tandem/flow"
)

// operationTest answers the activities of an Operation and keeps what it asked for.
type operationTest struct {
	*testsuite.TestWorkflowEnvironment
	mu     sync.Mutex
	chunks []string // "instance/entity" in the order they were read
	ended  []activities.FinishInput
	woken  []activities.WokenRecords // answered one after another
	needs  map[string][]string
}

func newOperationTest(t *testing.T, levels [][]string, chunk func(activities.ChunkInput) (activities.ChunkState, error)) *operationTest {
	t.Helper()
	env := &operationTest{TestWorkflowEnvironment: quietSuite().NewTestWorkflowEnvironment()}
	env.RegisterWorkflow(Operation)
	env.RegisterWorkflow(EntitySync)
	env.RegisterWorkflow(EntityMatch)
	env.OnActivity(operateActs.BeginOperation, mock.Anything, mock.Anything).Return(
		func(context.Context, activities.BeginInput) (activities.OperationPlan, error) {
			return activities.OperationPlan{Levels: levels, Needs: env.needs}, nil
		}).Maybe()
	env.OnActivity(operateActs.SetOperationState, mock.Anything, mock.Anything).Return(
		func(_ context.Context, in activities.FinishInput) error {
			env.ended = append(env.ended, in)
			return nil
		}).Maybe()
	env.OnActivity(operateActs.EndProgress, mock.Anything, mock.Anything).Return(nil).Maybe()
	env.OnActivity(operateActs.TakeWoken, mock.Anything, mock.Anything).Return(
		func(context.Context, activities.WokenInput) (activities.WokenRecords, error) {
			if len(env.woken) == 0 {
				return activities.WokenRecords{}, nil
			}
			next := env.woken[0]
			env.woken = env.woken[1:]
			return next, nil
		}).Maybe()
	env.OnActivity(startActs.StartSaleOrders, mock.Anything, mock.Anything).Return(1, nil).Maybe()
	env.OnActivity(syncActs.SyncChunk, mock.Anything, mock.Anything).Return(
		func(_ context.Context, in activities.ChunkInput) (activities.ChunkState, error) {
			env.mu.Lock()
			env.chunks = append(env.chunks, in.Instance+"/"+in.Entity)
			env.mu.Unlock()
			return chunk(in)
		}).After(time.Minute).Maybe()
	return env
}

func (e *operationTest) lastState() string { return e.ended[len(e.ended)-1].State }

// wholeScan is a chunk that reads everything at once.
func wholeScan(in activities.ChunkInput) (activities.ChunkState, error) {
	return activities.ChunkState{Done: true, Counts: Counts{Read: 10, Created: 10}}, nil
}

func importOf(instances []string, entities ...string) OperationInput {
	return OperationInput{
		ID: "op1", Direction: DirectionImport, Instances: instances, Entities: entities, Filter: flow.Filter{Kind: flow.All},
	}
}

func TestOperationRunsLevelsInDependencyOrder(t *testing.T) {
	env := newOperationTest(t, [][]string{{"tax", "category"}, {"product"}, {"order"}}, wholeScan)
	env.ExecuteWorkflow(Operation, importOf([]string{"demo"}, "order", "product", "tax", "category"))
	require.NoError(t, env.GetWorkflowError())
	var counts Counts
	require.NoError(t, env.GetWorkflowResult(&counts))
	require.Equal(t, Counts{Read: 40, Created: 40}, counts)
	require.ElementsMatch(t, []string{"demo/tax", "demo/category"}, env.chunks[:2])
	require.Equal(t, []string{"demo/product", "demo/order"}, env.chunks[2:])
	require.Equal(t, activities.StateDone, env.lastState())
}

func TestOperationReadsAllChunks(t *testing.T) {
	env := newOperationTest(t, [][]string{{"order"}}, func(in activities.ChunkInput) (activities.ChunkState, error) {
		at := 100
		if in.From.Cursor != nil {
			require.NoError(t, json.Unmarshal(in.From.Cursor, &at))
			at += 100
		}
		return activities.ChunkState{Cursor: flow.Cursor(strconv.Itoa(at)), Done: at == 300, Counts: Counts{Read: 100, Created: 99, Parked: 1}, Runs: 5}, nil
	})
	env.ExecuteWorkflow(Operation, importOf([]string{"demo"}, "order"))
	require.NoError(t, env.GetWorkflowError())
	var counts Counts
	require.NoError(t, env.GetWorkflowResult(&counts))
	require.Equal(t, Counts{Read: 300, Created: 297, Parked: 3}, counts)
	env.AssertNumberOfCalls(t, "StartSaleOrders", 3)
}

func TestOperationStopsAnInstanceThatRefusesUs(t *testing.T) {
	env := newOperationTest(t, [][]string{{"tax"}, {"order"}}, func(in activities.ChunkInput) (activities.ChunkState, error) {
		if in.Instance == "bad" {
			return activities.ChunkState{}, temporal.NewNonRetryableApplicationError("the store refuses the key", string(fault.Unauthorized), nil,
				activities.Failure{Kind: fault.Unauthorized, Message: "the store refuses the key"})
		}
		return wholeScan(in)
	})
	in := importOf([]string{"bad", "good"}, "tax", "order")
	in.Schedule = "s1"
	env.ExecuteWorkflow(Operation, in)
	require.ErrorContains(t, env.GetWorkflowError(), "the store refuses the key")
	require.ElementsMatch(t, []string{"bad/tax", "good/tax", "good/order"}, env.chunks)
	last := env.ended[len(env.ended)-1]
	require.Equal(t, activities.StateFailed, last.State)
	require.Equal(t, "s1", last.Schedule)
	require.Equal(t, fault.Unauthorized, last.Failure.Kind)
}

func TestOperationGoesAfterWhatItWoke(t *testing.T) {
	var asked []flow.Filter
	env := newOperationTest(t, [][]string{{"product"}}, func(in activities.ChunkInput) (activities.ChunkState, error) {
		asked = append(asked, in.Filter)
		return wholeScan(in)
	})
	env.woken = []activities.WokenRecords{{Entities: []activities.WokenEntity{{Entity: "order", IDs: []string{"7", "9"}}}}}
	env.ExecuteWorkflow(Operation, importOf([]string{"demo"}, "product"))
	require.NoError(t, env.GetWorkflowError())
	require.Equal(t, []string{"demo/product", "demo/order"}, env.chunks)
	require.Equal(t, flow.Filter{Kind: flow.IDs, IDs: []string{"7", "9"}}, asked[1])
}

func TestOperationPausesAndResumes(t *testing.T) {
	var pause, again, resume error
	env := newOperationTest(t, [][]string{{"order"}}, func(in activities.ChunkInput) (activities.ChunkState, error) {
		at := 100
		if in.From.Cursor != nil {
			require.NoError(t, json.Unmarshal(in.From.Cursor, &at))
			at += 100
		}
		return activities.ChunkState{Cursor: flow.Cursor(strconv.Itoa(at)), Done: at == 300, Counts: Counts{Read: 100}}, nil
	})
	env.RegisterDelayedCallback(func() { update(env.TestWorkflowEnvironment, UpdatePause, &pause) }, time.Second)
	env.RegisterDelayedCallback(func() {
		update(env.TestWorkflowEnvironment, UpdatePause, &again)
		update(env.TestWorkflowEnvironment, UpdateResume, &resume)
	}, time.Hour)
	env.ExecuteWorkflow(Operation, importOf([]string{"demo"}, "order"))
	require.NoError(t, env.GetWorkflowError())
	require.NoError(t, pause)
	require.ErrorContains(t, again, "paused already")
	require.NoError(t, resume)
	states := []string{}
	for _, e := range env.ended {
		states = append(states, e.State)
	}
	require.Equal(t, []string{activities.StatePaused, activities.StateRunning, activities.StateDone}, states)
}

func TestOperationCancelled(t *testing.T) {
	env := newOperationTest(t, [][]string{{"order"}}, func(in activities.ChunkInput) (activities.ChunkState, error) {
		return activities.ChunkState{Cursor: in.From.Cursor, Counts: Counts{Read: 1}}, nil
	})
	env.RegisterDelayedCallback(func() { env.CancelWorkflow() }, time.Second)
	env.ExecuteWorkflow(Operation, importOf([]string{"demo"}, "order"))
	require.True(t, temporal.IsCanceledError(env.GetWorkflowError()))
	require.Equal(t, activities.StateCancelled, env.lastState())
}

func TestOperationNeedsSomethingToDo(t *testing.T) {
	env := newOperationTest(t, nil, wholeScan)
	env.ExecuteWorkflow(Operation, OperationInput{})
	require.ErrorContains(t, env.GetWorkflowError(), "at least one instance and one entity")
}

func TestAFailedEntityHoldsUpOnlyWhatNeedsIt(t *testing.T) {
	for name, tt := range map[string]struct {
		failing string
		kind    fault.Kind
		want    []string
	}{
		"an optional list":      {"tag", fault.Unsupported, []string{"demo/tag", "demo/tax", "demo/product", "demo/order"}},
		"one that is needed":    {"tax", fault.Unsupported, []string{"demo/tag", "demo/tax", "demo/product"}},
		"needed in between":     {"product", fault.Unsupported, []string{"demo/tag", "demo/tax", "demo/product"}},
		"keys that are refused": {"tag", fault.Unauthorized, []string{"demo/tag", "demo/tax"}},
	} {
		t.Run(name, func(t *testing.T) {
			env := newOperationTest(t, [][]string{{"tag", "tax"}, {"product"}, {"order"}}, func(in activities.ChunkInput) (activities.ChunkState, error) {
				if in.Entity == tt.failing {
					return activities.ChunkState{}, temporal.NewNonRetryableApplicationError("no", string(tt.kind), nil,
						activities.Failure{Kind: tt.kind, Message: "no"})
				}
				return wholeScan(in)
			})
			env.needs = map[string][]string{"order": {"product", "tax"}}
			env.ExecuteWorkflow(Operation, importOf([]string{"demo"}, "tag", "tax", "product", "order"))
			require.ErrorContains(t, env.GetWorkflowError(), "no")
			require.ElementsMatch(t, tt.want, env.chunks)
			require.Equal(t, activities.StateFailed, env.lastState())
		})
	}
}

// A usual store has a dozen lists of a page each: while one is landed, the next are read. A chunk takes a minute here.
func TestFourEntitiesOfAnInstanceAreImportedAtOnce(t *testing.T) {
	level := []string{"tax_class", "category", "tag", "brand", "attribute", "coupon"}
	env := newOperationTest(t, [][]string{level}, wholeScan)
	began := env.Now()
	env.ExecuteWorkflow(Operation, importOf([]string{"demo"}, level...))
	require.NoError(t, env.GetWorkflowError())
	require.Len(t, env.chunks, len(level))
	require.Equal(t, 2*time.Minute, env.Now().Sub(began).Truncate(time.Minute))
}

// A list that fails again and again and then answers is imported, and with it what was waiting.
func TestAnOptionalListThatHealsIsImported(t *testing.T) {
	tries := 0
	env := newOperationTest(t, [][]string{{"tag"}, {"product"}}, func(in activities.ChunkInput) (activities.ChunkState, error) {
		if in.Entity == "tag" {
			if tries++; tries <= 4 {
				return activities.ChunkState{}, temporal.NewApplicationError("no answer", string(fault.Unavailable),
					activities.Failure{Kind: fault.Unavailable, Message: "no answer"})
			}
		}
		return wholeScan(in)
	})
	env.ExecuteWorkflow(Operation, importOf([]string{"demo"}, "tag", "product"))
	require.NoError(t, env.GetWorkflowError())
	require.Equal(t, activities.StateDone, env.lastState())
	require.Equal(t, 5, tries)
	require.Equal(t, "demo/product", env.chunks[len(env.chunks)-1])
}
