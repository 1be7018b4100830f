package salecycle

import (
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/erp"
	"tandem/fault"
)

func TestTransitions(t *testing.T) {
	phases := []phase{phaseQuotation, phaseConfirmed, phaseShipped, phaseInvoiced, phasePaid, phaseCancelled}
	tests := map[erp.Step]string{ // per phase: a(ct), d(one), r(efused)
		erp.StepValidate: "addddr",
		erp.StepInvoice:  "raaddr",
		erp.StepPay:      "rrradr",
		erp.StepShip:     "raaaar",
		erp.StepCancel:   "aarrrd",
	}
	require.Len(t, transitions, len(tests))
	for s, want := range tests {
		t.Run(string(s), func(t *testing.T) {
			require.Len(t, transitions[s], len(phases))
			for i, p := range phases {
				acts, err := allowed(s, p)
				switch want[i] {
				case 'r':
					require.Equal(t, fault.Conflict, fault.KindOf(err), p)
					require.NotEmpty(t, err.Error(), p)
				default:
					require.NoError(t, err, p)
				}
				require.Equal(t, want[i] == 'a', acts, p)
			}
		})
	}
}

func TestPhaseOf(t *testing.T) {
	tests := map[phase]struct {
		state     erp.OrderState
		delivered bool
	}{
		phaseQuotation: {state: erp.OrderState{Stage: erp.Quotation}},
		phaseConfirmed: {state: erp.OrderState{Stage: erp.Confirmed, Shipped: true}},
		phaseShipped:   {state: erp.OrderState{Stage: erp.Confirmed}, delivered: true},
		phaseInvoiced:  {state: erp.OrderState{Stage: erp.Confirmed, Invoiced: true}, delivered: true},
		phasePaid:      {state: erp.OrderState{Stage: erp.Confirmed, Invoiced: true, Paid: true}},
		phaseCancelled: {state: erp.OrderState{Stage: erp.Cancelled}},
	}
	for want, tt := range tests {
		t.Run(string(want), func(t *testing.T) {
			require.Equal(t, want, phaseOf(tt.state, tt.delivered))
		})
	}
}
