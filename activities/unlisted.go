package activities

import (
	"context"

	"tandem/flow"
)

// unlistedLimit is how many records that the store did not list are asked for at the end of one scan. The rest follows with the next.
const unlistedLimit = 1000

// askUnlisted asks the store, at the end of a scan of everything, for what landed before and was not listed. WooCommerce sends no webhook when
// a record is deleted for good, and those for the trash may be switched off. What the store has no more is no failure: the link says so.
func (c *chunk) askUnlisted(ctx context.Context) error {
	importsAll := c.in.Direction.Moves() && !c.exports() && c.filter().Kind == flow.All
	if !importsAll || !c.state.Done || c.state.Skipped != "" || !c.entity.FindsDeleted() {
		return nil
	}
	ids, err := c.Store.Unlisted(ctx, c.in.Operation, c.in.Instance, c.in.Entity, unlistedLimit)
	if err != nil || len(ids) == 0 {
		return err
	}
	return c.runIDs(ctx, ids)
}
