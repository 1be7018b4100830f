package db

import (
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/flow"
)

// What waits for a key is woken when it exists, which a record that was refused says of others only.
func TestKeysOfAResultAreThoseThatExist(t *testing.T) {
	own, other := keys("demo/product/1")[0], keys("demo/product/11")[0]
	for name, c := range map[string]struct {
		status flow.Status
		also   []flow.Key
		want   []string
	}{
		"landed":                           {flow.Updated, []flow.Key{other}, []string{"demo/product/11", "demo/product/1"}},
		"refused":                          {flow.Failed, nil, nil},
		"there, but its stock was refused": {flow.Failed, []flow.Key{other, own}, []string{"demo/product/11", "demo/product/1"}},
		"there, but its stock waits":       {flow.Parked, []flow.Key{own}, []string{"demo/product/1"}},
	} {
		t.Run(name, func(t *testing.T) {
			require.ElementsMatch(t, c.want, landedKeys([]flow.Result{{Outcome: flow.Outcome{Key: own, Status: c.status, Also: c.also}}}))
		})
	}
}
