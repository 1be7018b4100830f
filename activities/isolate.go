package activities

import (
	"context"

	"tandem/entity"
	"tandem/erp"
	"tandem/fault"
)

// isolateFrom is the attempt from which a page that a defect stops is landed in parts.
const isolateFrom = 3

// landRecords lands the records of a page. When a defect, ours or the ERP's, stops the page again and again, it is halved down
// to the record that causes it: that one fails and the others land.
func (c *chunk) landRecords(ctx context.Context, page entity.Page) ([]entity.Result, error) {
	results, err := c.tryLanding(ctx, page)
	if !fault.Is(err, fault.Internal) || c.tries < isolateFrom || len(page.Records) < 2 {
		return results, err
	}
	results, failed, partly := c.landHalves(ctx, page)
	if partly != nil {
		return nil, partly
	}
	if failed == len(page.Records) {
		return nil, err // it is not about a record
	}
	return results, nil
}

// landHalves lands both halves of a page, and counts the records that failed for a defect.
func (c *chunk) landHalves(ctx context.Context, page entity.Page) (results []entity.Result, failed int, err error) {
	half := len(page.Records) / 2
	for _, part := range [][]entity.Record{page.Records[:half], page.Records[half:]} {
		some := page
		some.Records = part
		landed, broken, err := c.landPart(ctx, some)
		if err != nil {
			return nil, 0, err
		}
		results, failed = append(results, landed...), failed+broken
	}
	return results, failed, nil
}

func (c *chunk) landPart(ctx context.Context, page entity.Page) (results []entity.Result, failed int, err error) {
	results, err = c.tryLanding(ctx, page)
	switch {
	case !fault.Is(err, fault.Internal):
		return results, 0, err
	case len(page.Records) > 1:
		return c.landHalves(ctx, page)
	}
	return []entity.Result{{Outcome: erp.Outcome{
		Key: erp.Key{Instance: c.in.Instance, Entity: c.in.Entity, ID: page.Records[0].ID}, Status: erp.Failed, Code: "internal",
		Reason: "landing this record stops at a defect, ours or the ERP's: " + fault.From(err).Message + "; report it with the worker's log",
	}}}, 1, nil
}

func (c *chunk) tryLanding(ctx context.Context, page entity.Page) (results []entity.Result, err error) {
	defer func() { err = fault.Recovered(ctx, recover(), err) }()
	return c.entity.Land(ctx, c.ec, page)
}
