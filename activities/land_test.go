package activities

import (
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/entity"
	"tandem/erp"
)

// What waits for a key is woken when it exists, which a record that was refused says of others only.
func TestKeysOfAResultAreThoseThatExist(t *testing.T) {
	own, other := erp.Key{Instance: "demo", Entity: "product", ID: "1"}, erp.Key{Instance: "demo", Entity: "product", ID: "11"}
	for name, c := range map[string]struct {
		status erp.Status
		also   []erp.Key
		want   []string
	}{
		"landed":                           {erp.Updated, []erp.Key{other}, []string{"demo/product/11", "demo/product/1"}},
		"refused":                          {erp.Failed, nil, nil},
		"there, but its stock was refused": {erp.Failed, []erp.Key{other, own}, []string{"demo/product/11", "demo/product/1"}},
		"there, but its stock waits":       {erp.Parked, []erp.Key{own}, []string{"demo/product/1"}},
	} {
		t.Run(name, func(t *testing.T) {
			result, err := recordResult(entity.Record{ID: "1"}, entity.Result{Outcome: erp.Outcome{Key: own, Status: c.status}, Also: c.also})
			require.NoError(t, err)
			require.ElementsMatch(t, c.want, result.Keys)
		})
	}
}
