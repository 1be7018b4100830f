package e2e

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/api/gen"
	"tandem/woo/wootest"
)

// TestSecretKeyIsReplaced starts with a key that opens nothing of what is stored, which is refused and pauses no schedule,
// and goes on with a new one after rekey.
func TestSecretKeyIsReplaced(t *testing.T) {
	t.Parallel()
	store := openShop(t, wootest.Sized(5, 5, 5))
	x := serve(t)
	x.connect(store.URL)
	schedule := post[gen.Schedule](x, "/schedules", gen.NewSchedule{Instance: instanceID, Kind: "order_import", EverySeconds: 3600})
	x.stop()

	old, replacement := x.secretKey(), newSecretKey()
	x.setSecretKey(replacement)
	for _, service := range []string{"serve", "worker", "api"} {
		require.Contains(t, x.refused(service), "does not open the keys of "+instanceID, "%s starts with another key", service)
	}

	x.setSecretKey(replacement + "," + old)
	var sealed map[string]int
	require.NoError(t, json.Unmarshal([]byte(x.command("rekey", "--json")), &sealed))
	require.Equal(t, map[string]int{"sealed": 1, "dropped": 0}, sealed)

	x.setSecretKey(replacement)
	x.serve()
	require.True(t, get[gen.Schedule](x, "/schedules/"+schedule.ID).Active)
	op := x.runSchedule(schedule, 1)
	require.Equal(t, "done", string(op.State), op.Error)
}

// refused runs a service that ends at once, and gives what it says.
func (x *tandem) refused(service string) string {
	x.t.Helper()
	cmd := exec.CommandContext(x.t.Context(), shared.binary, service)
	cmd.Env = append(cmd.Environ(), x.env...)
	_, err := cmd.Output()
	require.Error(x.t, err, "tandem %s started", service)
	return stderrOf(err)
}

func newSecretKey() string {
	key := make([]byte, 32)
	_, _ = rand.Read(key) // never fails
	return base64.StdEncoding.EncodeToString(key)
}

const secretKeyVariable = "TANDEM_SECRET_KEY="

func (x *tandem) secretKey() string {
	x.t.Helper()
	return strings.TrimPrefix(x.env[x.secretKeyAt()], secretKeyVariable)
}

func (x *tandem) setSecretKey(keys string) {
	x.t.Helper()
	x.env[x.secretKeyAt()] = secretKeyVariable + keys
}

func (x *tandem) secretKeyAt() int {
	x.t.Helper()
	at := slices.IndexFunc(x.env, func(v string) bool { return strings.HasPrefix(v, secretKeyVariable) })
	require.GreaterOrEqual(x.t, at, 0)
	return at
}
