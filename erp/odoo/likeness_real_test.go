//go:build odoo

package odoo

import (
	"context"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/erp"
	"tandem/erp/odoo/odootest"
	"tandem/fault"
)

// TestTheFakeIsLikeTheRealThing plays the scenes in which calls are made to go wrong in a real Odoo and in a fake one, and
// requires the same answers: outcomes, states, figures and stock.
func TestTheFakeIsLikeTheRealThing(t *testing.T) {
	records(t, func(t *testing.T, s Settings) {
		real, err := Open(t.Context(), s)
		require.NoError(t, err)
		server := odootest.Start(t, real.rpc.Release.Major)
		fake, err := Open(t.Context(), Settings{URL: server.URL, Database: odootest.Database, Login: odootest.Login,
			Secret: odootest.Key, Protocol: s.Protocol})
		require.NoError(t, err)
		for place := range taleIn("").scenes() {
			there := newStory(t, real)
			here := taleIn(there.order.Key.Instance)
			scene := here.scenes()[place]
			t.Run(scene.name, func(t *testing.T) {
				require.Equal(t, answers(t, real, there, there.scenes()[place]), answers(t, fake, here, scene))
			})
		}
	})
}

// answers are what a backend answers in a scene, and what is in it afterwards.
func answers(t *testing.T, b *Backend, s story, played scene) []string {
	t.Helper()
	var answers []string
	for _, do := range append(append(played.before, played.acts...), s.look) {
		told := again(t, func() (string, error) {
			told, err := do(t.Context(), b)
			if err != nil && !fault.Retryable(err) {
				return fault.From(err).Code, nil
			}
			return told, err
		})
		answers = append(answers, told)
	}
	return answers
}

// look tells the figures of the order and of the mugs.
func (s story) look(ctx context.Context, b *Backend) (string, error) {
	figures, err := b.OrderFigures(ctx, []erp.Key{s.order.Key})
	if err != nil {
		return "", err
	}
	state, err := tellState(erp.Progress{OrderState: figures[0].State}, nil)
	if err != nil {
		return "", err
	}
	stock, err := b.Quantities(ctx, s.stock.Warehouse, []erp.Key{s.product.Key})
	if err != nil {
		return "", err
	}
	totals, err := b.Totals(ctx, s.order.Key.Instance)
	f := figures[0]
	return fmt.Sprintf("%s %s %s %v %s %+v %+v", f.Currency, f.Total, f.Tax, f.Taxes, state, stock, totals), err
}
