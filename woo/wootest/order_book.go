package wootest

import (
	"strconv"
	"time"
)

// orderBook knows what every seeded order is without making it.
type orderBook struct {
	seed     int64
	count    int    // visible and hidden orders
	hidden   spread // drafts and trash, which no import may land
	first    int    // id of the first order
	refund   int    // id of the refund of order 0; the others follow in step
	start    int64  // Unix seconds of the first order
	span     int64  // seconds from the first to the last
	statuses []text // what one order in five cycles through
}

const (
	orderSpan   = 180 * 24 * time.Hour
	hiddenShare = 100 // one hidden order for so many visible ones

	// orderSettled is how long after its creation a seeded order was last changed; the same for all, so that modified
	// dates rise with ids.
	orderSettled = int64(10 * time.Minute / time.Second)

	// lineRoom is how many item ids each seeded order has to itself.
	lineRoom = 16
)

func newOrderBook(o Options, first int) orderBook {
	hidden := 0
	if o.Orders > 0 {
		hidden = (o.Orders + hiddenShare - 1) / hiddenShare
	}
	b := orderBook{seed: o.Seed, count: o.Orders + hidden, hidden: spread{k: hidden, n: o.Orders + hidden}, first: first,
		start: o.Until.Add(-orderSpan).Unix(), span: int64(orderSpan / time.Second),
		statuses: []text{"pending", "on-hold", "cancelled", "refunded", "failed"}}
	for _, custom := range o.CustomStatuses {
		b.statuses = append(b.statuses, text(custom))
	}
	b.refund = first + b.count
	return b
}

// status: of ten visible orders eight are processing or completed, the rest take turns.
func (b *orderBook) status(index int) text {
	if b.hidden.marked(index) {
		return [...]text{"checkout-draft", "trash"}[b.hidden.before(index)%2]
	}
	rank := index - b.hidden.before(index)
	switch turn := rank % 10; {
	case turn >= 8:
		return b.statuses[(rank/10*2+turn-8)%len(b.statuses)]
	case turn%2 == 0:
		return "processing"
	}
	return "completed"
}

func (b *orderBook) date(index int) int64 {
	return b.start + b.span*int64(index)/int64(b.count)
}

func (b *orderBook) head(index int) head {
	created := b.date(index)
	return head{id: b.first + index, status: string(b.status(index)), created: created, modified: created + orderSettled}
}

// refunded tells whether a seeded order has a refund: all refunded ones, and in part one completed in about forty.
func (b *orderBook) refunded(index int) bool {
	switch b.status(index) {
	case "refunded":
		return true
	case "completed":
		return index%20 == 5
	}
	return false
}

// number differs from the id for one order in 25, as with a numbering plugin.
func (b *orderBook) number(index int) string {
	id := strconv.Itoa(b.first + index)
	if index%25 == 7 {
		return "W-" + id
	}
	return id
}
