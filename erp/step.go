package erp

// Step is something that is done to an order in its cycle. The names are kept in databases and histories.
type Step string

// The steps of an order, in their order.
const (
	StepValidate Step = "validate" // the quotation becomes an order
	StepInvoice  Step = "invoice"
	StepPay      Step = "pay"
	StepShip     Step = "ship"
	StepCancel   Step = "cancel"
)

// Done reports whether the state is what a step leads to.
func (s OrderState) Done(step Step) bool {
	switch step {
	case StepValidate:
		return s.Stage == Confirmed
	case StepInvoice:
		return s.Invoiced
	case StepPay:
		return s.Paid
	case StepShip:
		return s.Shipped
	case StepCancel:
		return s.Stage == Cancelled
	default:
		return false
	}
}

// String puts a state into words that fit a log line.
func (s OrderState) String() string {
	text := string(s.Stage)
	for _, mark := range []struct {
		on   bool
		name string
	}{{s.Invoiced, "invoiced"}, {s.Paid, "paid"}, {s.PartlyShipped, "partly shipped"}, {s.Shipped, "shipped"}} {
		if mark.on {
			text += ", " + mark.name
		}
	}
	return text
}

// Ask asks for a step of one order. With is what it is asked for besides.
type Ask[Q any] struct {
	Order Key
	With  Q
}

// ConfirmRequest asks for a quotation to become an order.
type ConfirmRequest struct{}

// CancelRequest asks for an order to be given up.
type CancelRequest struct{}

// StepResult is what became of one order that a step was asked for.
type StepResult struct {
	Progress
	Err error // classified; nil when the step is done
	// TookTooLong is whether the ERP did not answer in the time it is given. It is asked about the order alone next, so that one
	// that is to blame for it holds up no others again.
	TookTooLong bool
}

// EachAlone answers a batch by asking about one order after the other, for an ERP that is not faster
// with many.
func EachAlone[Q any](orders []Ask[Q], ask func(Ask[Q]) (Progress, error)) []StepResult {
	results := make([]StepResult, len(orders))
	for i, order := range orders {
		results[i].Progress, results[i].Err = ask(order)
	}
	return results
}
