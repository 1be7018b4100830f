package hooks

import (
	"encoding/base64"
	"encoding/json"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// delivery is a recorded request of a real WooCommerce 10.5.0.
type delivery struct {
	After   string            `json:"after"`
	Headers map[string]string `json:"headers"`
	Body    string            `json:"body"`
	Secret  string            `json:"secret"`
}

func recorded(t testing.TB) []delivery {
	t.Helper()
	text, err := os.ReadFile("testdata/deliveries.json")
	require.NoError(t, err)
	var all []delivery
	require.NoError(t, json.Unmarshal(text, &all))
	return all
}

// N08: 200 is answered without a signature to exactly the ping.
func TestIsPing(t *testing.T) {
	for body, want := range map[string]bool{
		"webhook_id=2": true, "webhook_id=123456789012345678": true,
		"": false, "webhook_id=": false, "webhook_id=2\n": false, "webhook_id=2&x=1": false, "x&webhook_id=2": false, `{"webhook_id":2}`: false,
		"webhook_id=-2": false, "webhook_id=1234567890123456789": false, "WEBHOOK_ID=2": false,
	} {
		require.Equal(t, want, IsPing([]byte(body)), "%q", body)
	}
}

func TestRecordedPingsAndSignatures(t *testing.T) {
	pings, verified := 0, 0
	for _, d := range recorded(t) {
		if d.Secret == "" {
			require.True(t, IsPing([]byte(d.Body)), d.Body)
			pings++
			continue
		}
		require.False(t, IsPing([]byte(d.Body)))
		require.True(t, IsTopic(d.Headers["X-WC-Webhook-Topic"]), d.Headers)
		if strings.Contains(d.Body, "example") {
			continue // names were replaced after it was signed
		}
		require.True(t, Verify(d.Secret, []byte(d.Body), d.Headers["X-WC-Webhook-Signature"]), d.After)
		verified++
	}
	require.Equal(t, 1, pings)
	require.Greater(t, verified, 5)
}

// C05, N06: nothing unsigned is taken, whatever it looks like.
func TestVerify(t *testing.T) {
	const secret = "AbCdEfGhIjKlMnOpQrStUvWxYz012345"
	body := []byte(`{"id":7}`)
	good := Sign(secret, body)
	require.True(t, Verify(secret, body, good))
	require.True(t, Verify(secret, body, " "+good+" "))
	raw, err := base64.StdEncoding.DecodeString(good)
	require.NoError(t, err)
	for name, bad := range map[string]string{
		"blank": "", "spaces": "  ", "no base64": "not base64!", "hex": "0a1b", "cut": base64.StdEncoding.EncodeToString(raw[:31]),
		"another secret": Sign("x"+secret, body), "another body": Sign(secret, []byte(`{"id": 7}`)), "no secret": Sign("", body),
	} {
		require.False(t, Verify(secret, body, bad), name)
	}
	require.False(t, Verify("", body, Sign("", body)), "a secret that was lost verifies nothing")
}

func TestTopics(t *testing.T) {
	require.Len(t, Topics(), 16)
	require.True(t, IsTopic("order.updated"))
	require.True(t, IsTopic("coupon.restored"))
	for _, topic := range []string{"", "order", "order.exploded", "action.foo", "ORDER.UPDATED"} {
		require.False(t, IsTopic(topic), topic)
	}
	Topics()[0] = "changed"
	require.NotContains(t, Topics(), "changed")
}

// N06: WooCommerce mangles <>&| in secrets.
func TestNewSecret(t *testing.T) {
	require.Regexp(t, regexp.MustCompile(`^[A-Z0-9a-z]{32,}$`), NewSecret())
	require.NotEqual(t, NewSecret(), NewSecret())
}
