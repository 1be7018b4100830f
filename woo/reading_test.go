package woo

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestSeenUntil(t *testing.T) {
	at := time.Date(2026, 3, 2, 10, 0, 0, 0, time.UTC)
	ours := at.Add(42 * time.Minute)
	slow := Reading{StoreTime: at, AskedAt: ours, AnsweredAt: ours.Add(5 * time.Second)}
	for _, tt := range []struct {
		name    string
		reading Reading
		changed time.Time
		want    time.Time
	}{
		{"never changed", slow, time.Time{}, at.Add(-6 * time.Second)},
		{"changed long ago", slow, at.Add(-time.Hour), at.Add(-6 * time.Second)},
		{"changed in the second before it was asked", slow, at.Add(-5 * time.Second), at.Add(-5 * time.Second)},
		{"changed while it answered", slow, at.Add(-2 * time.Second), at.Add(-2 * time.Second)},
		{"changed in the second of the answer", slow, at, at},
		{"dated by a clock that ran ahead", slow, at.Add(time.Hour), at.Add(-6 * time.Second)},
		{"no clock", Reading{AskedAt: ours, AnsweredAt: ours}, at, time.Time{}},
	} {
		t.Run(tt.name, func(t *testing.T) { require.Equal(t, tt.want, tt.reading.SeenUntil(tt.changed)) })
	}
}

func TestReadingOfTwoAnswers(t *testing.T) {
	at := time.Date(2026, 3, 2, 10, 0, 0, 0, time.UTC)
	first := Reading{StoreTime: at, AskedAt: at, AnsweredAt: at.Add(time.Second)}
	second := Reading{StoreTime: at.Add(time.Minute), AskedAt: at.Add(time.Minute), AnsweredAt: at.Add(time.Minute + time.Second)}
	both := first.And(second)
	require.Equal(t, Reading{StoreTime: second.StoreTime, AskedAt: first.AskedAt, AnsweredAt: second.AnsweredAt}, both)
	require.Equal(t, first, Reading{}.And(first))
}
