package worker

import (
	"context"

	"tandem/entity"
	"tandem/entity/mapping"
)

// Link ties pairs of an entity that a person names, and gives the error of each that cannot be; with check it only looks.
func (c *Connections) Link(ctx context.Context, instance, name string, pairs []mapping.Pair, check bool) ([]error, error) {
	m, err := entity.Matcher(name)
	if err != nil {
		return nil, err
	}
	ec, err := c.Connect(ctx, instance)
	if err != nil {
		return nil, err
	}
	if check {
		return m.Check(ctx, ec, pairs)
	}
	return m.Link(ctx, ec, pairs)
}
