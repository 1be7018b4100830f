package woo

import (
	"net/http"
	"time"
)

// Reading is when records were read: between when the store was asked for the first of them and when it gave the last.
type Reading struct {
	StoreTime  time.Time // UTC, the store's clock when it answered last; zero when it does not say
	AskedAt    time.Time // our clock before the store was asked first: the records are no newer than this for certain
	AnsweredAt time.Time // our clock when it answered last
}

// answered is when the store was asked, and answered just now.
func answered(asked time.Time, header http.Header) Reading {
	return Reading{StoreTime: storeTime(header), AskedAt: asked, AnsweredAt: time.Now()}
}

// And joins it with what was read next.
func (r Reading) And(next Reading) Reading {
	if !r.AskedAt.IsZero() {
		next.AskedAt = r.AskedAt
	}
	return next
}

// clockStep is how exactly the store gives times: to the second.
const clockStep = time.Second

// SeenUntil is up to when, by the store's clock, a record shows its changes. It shows those that were over when the store was
// asked. Of later ones, made while the store put its answer together, it shows those up to its own date of change. The zero
// time is returned when the store does not tell its time.
func (r Reading) SeenUntil(changed time.Time) time.Time {
	if r.StoreTime.IsZero() {
		return time.Time{}
	}
	until := r.StoreTime.Add(r.AskedAt.Sub(r.AnsweredAt)).Add(-clockStep)
	if changed.After(until) && !changed.After(r.StoreTime) {
		return changed
	}
	return until
}

func storeTime(header http.Header) time.Time {
	t, err := http.ParseTime(header.Get("Date"))
	if err != nil {
		return time.Time{}
	}
	return t.UTC()
}
