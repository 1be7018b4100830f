package worker

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tandem/erp"
	"tandem/erp/ledger"
	"tandem/erp/odoo"
	"tandem/fault"
	"tandem/instance"
)

// way leads to a fake Odoo by a key.
func (f *fakeOdoo) way(secret string) way {
	return newWay(odoo.Driver(), erp.Access{Connection: erp.Connection{"url": f.URL, "database": "acme"}, Secret: secret})
}

func TestInstancesShareABackend(t *testing.T) {
	t.Parallel()
	fake, b := startOdoo(t), newBackends()
	one, err := b.get(t.Context(), "one", fake.way("key"))
	require.NoError(t, err)
	two, err := b.get(t.Context(), "two", fake.way("key"))
	require.NoError(t, err)
	require.Same(t, one.Backend, two.Backend)
	require.EqualValues(t, 1, fake.opened.Load())

	changed, err := b.get(t.Context(), "one", fake.way("new key"))
	require.NoError(t, err)
	require.NotSame(t, one.Backend, changed.Backend)
	require.Len(t, b.slots, 2, "the other instance still has the former key")
	_, err = b.get(t.Context(), "two", fake.way("new key"))
	require.NoError(t, err)
	require.Len(t, b.slots, 1, "nobody has the former key any more")
	require.EqualValues(t, 2, fake.opened.Load())
}

func TestBackendsAreOpenedAgainNowAndThen(t *testing.T) {
	t.Parallel()
	fake, b := startOdoo(t), newBackends()
	to := fake.way("key")
	first, err := b.get(t.Context(), "one", to)
	require.NoError(t, err)
	b.slots[to.key].backend.at = time.Now().Add(-openAge)
	second, err := b.get(t.Context(), "one", to)
	require.NoError(t, err)
	require.NotSame(t, first.Backend, second.Backend, "it may have been upgraded")

	b.slots[to.key].backend.at = time.Now().Add(-openAge)
	fake.Close()
	third, err := b.get(t.Context(), "one", to)
	require.NoError(t, err)
	require.Same(t, second.Backend, third.Backend, "one that is away keeps its backend: its calls say what is wrong")
}

func TestTheLedgerIsOpenedOnce(t *testing.T) {
	t.Parallel()
	b, to := newBackends(), newWay(ledger.Driver(), erp.Access{})
	first, err := b.get(t.Context(), "one", to)
	require.NoError(t, err)
	b.slots[to.key].backend.at = time.Time{}
	second, err := b.get(t.Context(), "two", to)
	require.NoError(t, err)
	require.Same(t, first.Backend, second.Backend)
	require.Same(t, first.steps, second.steps, "steps of all its instances go together")
}

func TestAnERPThatRefusesIsNotHammered(t *testing.T) {
	t.Parallel()
	fake, b := startOdoo(t), newBackends()
	fake.version.Store("13.0")
	to := fake.way("key")
	for range 3 {
		_, err := b.get(t.Context(), "one", to)
		require.Equal(t, fault.Unsupported, fault.KindOf(err))
	}
	require.EqualValues(t, 1, fake.opened.Load())

	fake.version.Store("19.0")
	b.slots[to.key].tried = time.Now().Add(-2 * refusalAge)
	_, err := b.get(t.Context(), "one", to)
	require.NoError(t, err, "it is asked again soon")
}

func TestACallerWhoGivesUpSpoilsNothing(t *testing.T) {
	t.Parallel()
	fake, b := startOdoo(t), newBackends()
	fake.hangs.Store(true)
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	_, err := b.get(ctx, "one", fake.way("key"))
	require.Equal(t, fault.Unavailable, fault.KindOf(err))
	fake.hangs.Store(false)
	_, err = b.get(t.Context(), "one", fake.way("key"))
	require.NoError(t, err)
}

// An instance whose ERP hangs must not hold up another one, and whoever waits for it may give up.
func TestAnERPThatHangsHoldsUpNobodyElse(t *testing.T) {
	d := newDB(t, instance.Active)
	hanging, sound := startOdoo(t), startOdoo(t)
	hanging.hangs.Store(true)
	addOdoo(t, d, "dead", hanging.URL)
	addOdoo(t, d, "alive", sound.URL)
	c := newConnections(d)
	first := make(chan error, 1)
	ctx, giveUp := context.WithCancel(t.Context())
	go func() {
		_, err := c.Connect(ctx, "dead")
		first <- err
	}()
	require.Eventually(t, func() bool { return hanging.opened.Load() > 0 }, 2*time.Minute, time.Millisecond)

	for _, id := range []string{"alive", "demo"} {
		_, err := c.Connect(t.Context(), id)
		require.NoError(t, err, id)
	}
	short, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	_, err := c.Connect(short, "dead")
	require.Equal(t, fault.Unavailable, fault.KindOf(err))
	require.ErrorIs(t, err, context.DeadlineExceeded)
	giveUp()
	require.ErrorIs(t, <-first, context.Canceled)
}
