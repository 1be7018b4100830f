package wootest

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestParseMoney(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]money{
		"": 0, "0": 0, "1": 1_000_000, "54.99": 54_990_000, "-1.00": -1_000_000, " 2.5 ": 2_500_000,
		"0.0000005": 1, "0.0000004": 0, "abc": 0, "1e3": 1_000_000_000,
	} {
		require.Equal(t, want, parseMoney(in), in)
	}
}

func TestMoneyFormat(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		amount money
		dp     int
		want   string
	}{
		{19_794_000, 6, "19.794000"}, {19_794_000, 2, "19.79"}, {-195_104, 2, "-0.20"}, {-1_347, 2, "0.00"},
		{5_000, 2, "0.01"}, {-5_000, 2, "-0.01"}, {1_500_000, 0, "2"}, {1_234_567, 4, "1.2346"}, {0, 6, "0.000000"},
	} {
		require.Equal(t, c.want, string(c.amount.append(nil, c.dp)), "%d at %d", c.amount, c.dp)
	}
}

func TestShareRoundsHalfAwayFromZero(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		m        money
		num, den int64
		want     money
	}{
		{10, 1, 4, 3}, {-10, 1, 4, -3}, {9, 1, 4, 2}, {-1_000_000, 138_0, 1409_2, -97_928},
		{9_000_000_000_000_000, 3_000_000, 9_000_000, 3_000_000_000_000_000},
	} {
		require.Equal(t, c.want, share(c.m, c.num, c.den))
	}
}

func TestPercent(t *testing.T) {
	t.Parallel()
	require.Equal(t, money(171_050), parsePercent("5.5").of(3_110_000))
	require.Equal(t, money(19_794_000), parsePercent("20.0000").of(98_970_000))
}

func TestSpread(t *testing.T) {
	t.Parallel()
	for _, s := range []spread{{60, 320}, {5, 505}, {1, 1}, {7, 7}, {0, 10}, {3, 10}, {18750, 100000}} {
		marks := 0
		for i := range s.n {
			require.Equal(t, marks, s.before(i), "%v before %d", s, i)
			if s.marked(i) {
				require.Equal(t, i, s.at(marks), "%v at %d", s, marks)
				marks++
			}
		}
		require.Equal(t, s.k, marks)
	}
}
