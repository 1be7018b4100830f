package ledger

import (
	"database/sql"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tandem/erp"
)

func day(n int) time.Time { return time.Date(2026, 3, n, 12, 0, 0, 0, time.UTC) }

func TestReservation(t *testing.T) {
	tests := []struct {
		stage              erp.OrderStage
		delivered, tracked bool
		quantity, setAside string
		shipped            string
		want               string
	}{
		{erp.Quotation, false, true, "3", "0", "0", "0"},
		{erp.Quotation, false, true, "3", "2", "0", "2"},
		{erp.Confirmed, false, true, "3", "0", "0", "3"},
		{erp.Confirmed, false, true, "3", "2", "0", "3"},
		{erp.Confirmed, false, true, "3", "5", "0", "5"},
		{erp.Confirmed, false, true, "-3", "0", "0", "0"},
		{erp.Confirmed, true, true, "3", "3", "0", "0"},
		{erp.Confirmed, false, false, "3", "3", "0", "0"},
		{erp.Confirmed, false, true, "3", "5", "1", "2"},
		{erp.Confirmed, false, true, "3", "0", "3", "0"},
		{erp.Confirmed, false, false, "3", "3", "1", "0"},
		{erp.Cancelled, false, true, "3", "3", "0", "0"},
	}
	for _, tt := range tests {
		t.Run(fmt.Sprint(tt), func(t *testing.T) {
			require.Equal(t, tt.want, reservation(tt.stage, tt.delivered, tt.tracked, dec(tt.quantity), dec(tt.setAside), dec(tt.shipped)).String())
		})
	}
}

func keep(variant int64, reserved, setAside string) kept {
	return kept{shelf: shelf{Variant: variant, Warehouse: 1}, Reserved: dec(reserved), SetAside: dec(setAside)}
}

func TestShiftsOf(t *testing.T) {
	tests := map[string]struct {
		before, after []kept
		want          []string // variant, growth, of which the store's count shows
	}{
		"a new line":                   {nil, []kept{keep(1, "2", "2")}, []string{"1 2 2"}},
		"a line given up":              {[]kept{keep(1, "2", "2")}, nil, []string{"1 -2 -2"}},
		"a line replaced by its like":  {[]kept{keep(1, "2", "2")}, []kept{keep(1, "2", "2")}, []string{"1 0 0"}},
		"two lines of one product":     {[]kept{keep(1, "2", "2")}, []kept{keep(1, "2", "2"), keep(1, "1", "1")}, []string{"1 1 1"}},
		"another product":              {[]kept{keep(1, "2", "2")}, []kept{keep(2, "2", "2")}, []string{"1 -2 -2", "2 2 2"}},
		"reserved before, aside now":   {[]kept{keep(1, "2", "0")}, []kept{keep(1, "2", "2")}, []string{"1 0 0"}},
		"more ordered, same set aside": {[]kept{keep(1, "2", "2")}, []kept{keep(1, "5", "2")}, []string{"1 3 0"}},
		"less set aside":               {[]kept{keep(1, "5", "5")}, []kept{keep(1, "5", "2")}, []string{"1 0 0"}},
		"less kept than given back":    {[]kept{keep(1, "5", "5")}, []kept{keep(1, "4", "2")}, []string{"1 -1 -1"}},
		"aside but not tracked":        {nil, []kept{keep(1, "0", "2")}, []string{"1 0 0"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			var got []string
			for _, s := range shiftsOf(&erp.Order{Date: day(1), ChangedAt: day(2)}, tt.before, tt.after) {
				require.Equal(t, map[int]time.Time{-1: day(2), 0: {}, 1: day(1)}[s.LeftOut.Sign()], s.Since)
				got = append(got, fmt.Sprint(s.Variant, s.Reserved, s.LeftOut))
			}
			slices.Sort(got)
			require.Equal(t, tt.want, got)
		})
	}
}

func TestSumShifts(t *testing.T) {
	at := func(variant int64, reserved, leftOut string, since int) shift {
		return shift{shelf: shelf{Variant: variant, Warehouse: 1}, Reserved: dec(reserved), LeftOut: dec(leftOut), Since: day(since)}
	}
	counted := map[shelf]sql.NullTime{
		{Variant: 1, Warehouse: 1}: {Time: day(5), Valid: true},
		{Variant: 2, Warehouse: 1}: {},
	}
	tests := map[string]struct {
		shifts []shift
		want   []string // variant, reserved, opening
	}{
		"counted after":          {[]shift{at(1, "2", "2", 4)}, []string{"1 2 2"}},
		"counted at that moment": {[]shift{at(1, "2", "2", 5)}, []string{"1 2 2"}},
		"counted before":         {[]shift{at(1, "2", "2", 6)}, []string{"1 2 0"}},
		"never counted":          {[]shift{at(2, "2", "2", 4)}, []string{"2 2 0"}},
		"some before, some after": {
			[]shift{at(1, "2", "2", 4), at(1, "3", "3", 6), at(1, "1", "1", 1)}, []string{"1 6 3"}},
		"in order":                    {[]shift{at(3, "1", "0", 1), at(1, "1", "0", 1), at(2, "1", "0", 1)}, []string{"1 1 0", "2 1 0", "3 1 0"}},
		"nothing remains":             {[]shift{at(2, "2", "0", 1), at(2, "-2", "0", 1)}, nil},
		"given up and put on hand":    {[]shift{at(1, "-2", "0", 1), at(1, "2", "2", 4)}, []string{"1 0 2"}},
		"growth that is no set-aside": {[]shift{at(1, "2", "0", 4)}, []string{"1 2 0"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			var got []string
			for _, c := range sumShifts(tt.shifts, counted) {
				got = append(got, fmt.Sprint(c.Variant, c.Reserved, c.Opening))
			}
			require.Equal(t, tt.want, got)
		})
	}
}

func TestShortOf(t *testing.T) {
	move := func(onHand, reserved, own, quantity string, tracked bool) dueMove {
		return dueMove{quant: quant{shelf: shelf{Variant: 7}, OnHand: dec(onHand), Reserved: dec(reserved)},
			Own: dec(own), Quantity: dec(quantity), Tracked: tracked}
	}
	tests := map[string]struct {
		move  dueMove
		short bool
	}{
		"all there":               {move("5", "2", "2", "2", true), false},
		"exactly enough":          {move("2", "2", "2", "2", true), false},
		"too few on hand":         {move("1", "2", "2", "2", true), true},
		"the rest is others'":     {move("5", "6", "2", "2", true), true},
		"others leave enough":     {move("6", "6", "2", "2", true), false},
		"a fraction short":        {move("1.999", "2", "2", "2", true), true},
		"no longer tracked":       {move("0", "2", "2", "2", false), false},
		"kept more than is taken": {move("2", "3", "3", "2", true), false},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			require.Equal(t, tt.short, len(shortOf([]dueMove{tt.move})) == 1)
		})
	}
}
