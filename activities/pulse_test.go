package activities

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/converter"
	"go.temporal.io/sdk/testsuite"

	"tandem/erp"
)

// slowBooks is an ERP whose first answer takes as long as one of Odoo may.
type slowBooks struct{ saleBooks }

func (b *slowBooks) ConfirmOrder(ctx context.Context, order erp.Key) (erp.Progress, error) {
	time.Sleep(2 * time.Minute)
	return b.saleBooks.ConfirmOrder(ctx, order)
}

// A worker that waits for an ERP is alive: without heartbeats its order would be given to another one.
func TestAStepBeatsWhileTheERPIsSlow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		acts := &Sales{Store: &stepLog{}, Connector: saleConnection{&slowBooks{saleBooks{state: erp.OrderState{Stage: erp.Quotation}}}}}
		var suite testsuite.WorkflowTestSuite
		env := suite.NewTestActivityEnvironment()
		env.RegisterActivity(acts)
		env.SetTestTimeout(time.Hour)
		beats := 0
		env.SetOnActivityHeartbeatListener(func(*activity.Info, converter.EncodedValues) { beats++ })
		_, err := env.ExecuteActivity(acts.RunStep, StepInput{Instance: "demo", WooID: "7", Step: erp.StepValidate})
		require.NoError(t, err)
		require.GreaterOrEqual(t, beats, 2)
	})
}
