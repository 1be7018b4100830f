package ledger

import (
	"context"

	"tandem/erp"
)

// Driver says what Tandem has to know of the ledger to keep instances in step with it.
func Driver() erp.Driver {
	return erp.Driver{
		Name: "ledger", Title: "Tandem ledger",
		Open: func(_ context.Context, a erp.Access) (erp.Backend, error) { return Open(a.Host.Database), nil },
	}
}
