package e2e

import (
	"context"
	"errors"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tandem/api/gen"
	"tandem/devstack"
	"tandem/fault"
	"tandem/mail/mailtest"
	"tandem/woo/wootest"
)

// scenarioTimeout is generous: a busy machine may need minutes for what takes seconds.
const scenarioTimeout = 25 * time.Minute

// browser is what drives the page: Node with the packages of web, and Chromium.
type browser struct{ node, chromium string }

// openBrowser finds or installs them once.
var openBrowser = sync.OnceValues(func() (browser, error) {
	chromium, err := devstack.Chromium(shared.folder, report)
	if err != nil {
		return browser{}, err
	}
	node, err := devstack.Node(shared.folder, report)
	if err != nil {
		return browser{}, err
	}
	if _, err := os.Stat(filepath.Join("..", "web", "node_modules", "playwright-core")); err == nil {
		return browser{node, chromium}, nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), scenarioTimeout)
	defer cancel()
	install := exec.CommandContext(ctx, "npm", "ci", "--no-audit", "--no-fund")
	install.Dir = filepath.Join("..", "web")
	out, err := install.CombinedOutput()
	if err != nil {
		return browser{}, fault.New(fault.Unavailable, "npm ci in web: %v\n%s", err, out)
	}
	return browser{node, chromium}, nil
})

// needBrowser gives a browser. A developer's machine without one is told what the tests of the page take; where CI is set, that is
// a failure.
func needBrowser(t *testing.T) browser {
	t.Helper()
	b, err := openBrowser()
	if fault.Is(err, fault.NotFound) && os.Getenv("CI") == "" {
		t.Skipf("THE PAGE WAS NOT TESTED IN A BROWSER: %v", err)
	}
	require.NoError(t, err)
	return b
}

// run drives the page through one scenario of web/e2e.
func (b browser) run(t *testing.T, scenario string, env ...string) {
	t.Helper()
	passed := t.Run(scenario, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), scenarioTimeout)
		defer cancel()
		cmd := exec.CommandContext(ctx, b.node, filepath.Join("e2e", scenario+".mjs"))
		cmd.Dir = filepath.Join("..", "web")
		cmd.Env = append(append(cmd.Environ(), "CHROMIUM="+b.chromium), env...)
		out, err := cmd.CombinedOutput()
		var exit *exec.ExitError
		if errors.As(err, &exit) {
			t.Fatalf("%s: %v\n%s", scenario, err, out)
		}
		require.NoError(t, err)
	})
	require.True(t, passed, "the scenarios after it need what it leaves")
}

// addUser makes a user who may sign in, and says how.
func (x *tandem) addUser(email, role string) []string {
	x.t.Helper()
	words := strings.Fields(x.command("user", "add", email, "--role", role))
	return []string{"TANDEM_URL=" + x.url, "TANDEM_EMAIL=" + email, "TANDEM_PASSWORD=" + words[len(words)-1]}
}

// httpsProxy is a proxy before Tandem that speaks https, as an installation has one.
type httpsProxy struct {
	*httptest.Server
	target atomic.Pointer[url.URL]
}

func openHTTPSProxy(t *testing.T) *httpsProxy {
	t.Helper()
	f := &httpsProxy{}
	f.Server = httptest.NewTLSServer(&httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(f.target.Load()) }})
	t.Cleanup(f.Close)
	return f
}

// lead says where requests go.
func (f *httpsProxy) lead(address string) {
	target, err := url.Parse(address)
	if err != nil {
		panic(err)
	}
	f.target.Store(target)
}

// The page is driven as people drive it: from nothing to the first import, through what went wrong and what waits for a person, an order
// through its sale workflow, records from one side to the other, a report down to its orders, page by page, and by roles.
func TestThePageInABrowser(t *testing.T) {
	t.Parallel()
	b := needBrowser(t)
	size := wootest.Options{Products: 24, Variable: 4, Customers: 10, Orders: 30}
	if os.Getenv("SCREENSHOTS") != "" {
		size = wootest.Options{Products: 120, Variable: 12, Customers: 60, Orders: 400} // pictures are of a shop that sells
	}
	public := openHTTPSProxy(t) // WooCommerce hands keys over https only
	size.Client = public.Client()
	store, plain := openShop(t, size), openShop(t, wootest.Options{PlainPermalinks: true})
	x := install(t, shared.postgres)
	server := mailtest.Start(t, mailtest.Options{ImplicitTLS: true, User: "tandem", Password: "secret"})
	roots := filepath.Join(t.TempDir(), "roots.pem")
	require.NoError(t, os.WriteFile(roots, server.PEM, 0o600))
	x.env = append(x.env, "TANDEM_PUBLIC_URL="+public.URL, "SSL_CERT_FILE="+roots)
	x.serve()
	public.lead(x.url)
	admin := append(x.addUser("admin@example.com", "admin"), "STORE_URL="+store.URL, "PLAIN_STORE_URL="+plain.URL, "STORE_KEY="+wootest.DefaultKey, "STORE_SECRET="+wootest.DefaultSecret)

	b.run(t, "first-steps", admin...)
	require.Equal(t, "active", string(get[gen.Instance](x, "/instances/my-shop").State))
	require.Len(t, get[gen.ScheduleList](x, "/schedules?instance=my-shop").Items, 2)
	orders := get[gen.LinkPage](x, "/links?entity=order&limit=100").Items
	require.NotEmpty(t, orders)

	order := orders[len(orders)-1].WooID
	products := get[gen.LinkPage](x, "/links?entity=product&limit=1").Items
	records := append(slices.Clone(admin), "ORDER_ID="+order, "PRODUCT_ID="+products[0].WooID)
	if os.Getenv("SCREENSHOTS") != "" { // the folder: see make screenshots. The scenarios before leave something to look at
		for _, scenario := range []string{"sale", "work", "screenshots"} {
			b.run(t, scenario, records...)
		}
		return
	}
	for _, scenario := range []string{"work", "group", "sale", "desk", "transfer", "report", "pages"} {
		b.run(t, scenario, records...)
	}
	b.run(t, "mail", append(slices.Clone(admin), "MAIL_HOST="+server.Host, "MAIL_PORT="+strconv.Itoa(server.Port), "MAIL_USER=tandem", "MAIL_PASSWORD=secret")...)
	require.GreaterOrEqual(t, len(server.Mails()), 2, "the test mail, the report, and what there was to warn of")
	b.run(t, "roles", x.addUser("viewer@example.com", "viewer")...)

	failed := get[gen.JobPage](x, "/jobs?woo_id="+strconv.Itoa(99999999)).Items
	require.GreaterOrEqual(t, len(failed), 2, "the failed record was processed again")
}
