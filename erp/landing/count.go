package landing

import (
	"strconv"
	"time"

	"github.com/shopspring/decimal"

	"tandem/erp"
)

// Counted is the outcome of a stock count of the product with this id, of which the ERP has a free quantity. A product that
// was never counted before is counted now even if it happens to have the right quantity, because orders that land later
// ask when it was.
func Counted(count *erp.StockCount, id int64, free decimal.Decimal, before bool) erp.Outcome {
	outcome := erp.Outcome{Key: count.Key, ID: strconv.FormatInt(id, 10), Status: erp.Created, After: Hash(count.Free.String())}
	if before {
		outcome.Status, outcome.Before = erp.Updated, Hash(free.String())
	}
	if outcome.Before == outcome.After {
		outcome.Status = erp.Unchanged
	}
	return outcome
}

// Recounted reports whether a count of the quantity that the ERP has already says something new: the store sold and filled up
// as much since the last count. Orders that land later ask when the goods were counted.
func Recounted(count *erp.StockCount, last time.Time) bool {
	return !count.ChangedAt.IsZero() && !count.ChangedAt.Before(last) && count.CountedAt.After(last)
}
