package main

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strings"
	"time"

	"go.temporal.io/sdk/client"
	"golang.org/x/sync/errgroup"

	"tandem/devstack"
	"tandem/fault"
	"tandem/woo/wootest"
	"tandem/worker"
)

// services are the parts of Tandem that "tandem dev" runs in its own process.
type services struct {
	group  *errgroup.Group
	cancel context.CancelFunc
	d      *dev
}

// startServices starts the demo store, worker and API. Should one of them, or a server of the stack, end unexpectedly, then
// failed is told why.
func (d *dev) startServices(ctx context.Context, failed context.CancelCauseFunc) (*services, error) {
	s, err := d.devSettings()
	if err != nil {
		return nil, err
	}
	fmt.Fprintln(d.out, "bringing the database up to date")
	if _, err := migrate(ctx, s.databaseURL); err != nil {
		return nil, err
	}
	if d.process, err = openProcess(ctx, s, d.log); err != nil {
		return nil, err
	}
	running, cancel := context.WithCancel(context.WithoutCancel(ctx))
	sv := &services{group: &errgroup.Group{}, cancel: cancel, d: d}
	if err := sv.start(running, failed); err != nil {
		sv.stop()
		return nil, err
	}
	return sv, nil
}

func (sv *services) start(ctx context.Context, failed context.CancelCauseFunc) error {
	d := sv.d
	run := func(name string, f func() error) {
		sv.group.Go(func() error {
			err := f()
			if err != nil && ctx.Err() == nil {
				failed(fmt.Errorf("the %s stopped: %w", name, err))
			}
			return err
		})
	}
	go func() {
		select {
		case err := <-d.stack.Failed():
			failed(err)
		case <-ctx.Done():
		}
	}()
	storeListener, err := d.listenFrom(d.storePort, "demo store")
	if err != nil {
		return err
	}
	until, err := d.demoUntil(ctx)
	if err != nil {
		return err
	}
	d.store = newDemoStore(d.devOptions, until, storeListener.Addr())
	run("demo store", func() error { return serveHTTP(ctx, storeListener, d.store.server) })

	apiListener, err := d.listenFrom(d.apiPort, "API")
	if err != nil {
		return err
	}
	d.apiURL = "http://" + apiListener.Addr().String()
	if d.process.settings.publicURL == "" {
		d.process.settings.publicURL = d.apiURL // the demo store is on this machine too
	}
	handler, err := d.process.api(true)
	if err != nil {
		return err
	}
	run("API", func() error { return serveHTTP(ctx, apiListener, handler) })
	run("worker", func() error { return d.process.worker(worker.Options{}).Run(ctx) })
	return nil
}

// stop ends everything; the worker finishes the pages in hand first.
func (sv *services) stop() {
	sv.cancel()
	_ = sv.group.Wait()
	sv.d.process.close()
}

// listenFrom listens on the preferred port of 127.0.0.1 or the next free one, which it prints.
func (d *dev) listenFrom(preferred int, name string) (net.Listener, error) {
	l, err := devstack.Listen(preferred)
	if err != nil {
		return nil, err
	}
	if port := l.Addr().(*net.TCPAddr).Port; port != preferred && preferred != 0 {
		fmt.Fprintf(d.out, "port %d is busy: the %s takes %d\n", preferred, name, port)
	}
	return l, nil
}

// devSettings are the settings of a development server: what the stack brought up, and a key of its own.
func (d *dev) devSettings() (settings, error) {
	key, err := d.secretKey()
	if err != nil {
		return settings{}, err
	}
	s := settings{
		databaseURL: d.stack.DatabaseURL, secretKeys: [][]byte{key},
		temporal: client.Options{
			HostPort: d.stack.TemporalAddress, Namespace: cmp.Or(os.Getenv("TEMPORAL_NAMESPACE"), client.DefaultNamespace),
		},
	}
	if s.publicURL, err = worker.ParsePublicURL(os.Getenv("TANDEM_PUBLIC_URL")); err != nil {
		return s, err
	}
	if d.stack.Temporal == nil {
		s.temporal, err = temporalOptions() // of the one that was given
		return s, err
	}
	s.temporalUI = d.stack.Temporal.UIURL()
	return s, nil
}

// secretKey gives the key that seals the demo store's keys: the environment's, or one made once and kept in the folder.
func (d *dev) secretKey() ([]byte, error) {
	if text := os.Getenv("TANDEM_SECRET_KEY"); text != "" {
		keys, err := parseSecretKeys(text)
		if err != nil {
			return nil, err
		}
		return keys[0], nil
	}
	file := filepath.Join(d.folder, "secret.key")
	data, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		key := make([]byte, 32)
		_, _ = rand.Read(key) // never fails
		data = []byte(base64.StdEncoding.EncodeToString(key))
		err = os.WriteFile(file, data, 0o600)
	}
	if err != nil {
		return nil, fault.Wrap(fault.Unavailable, err, "cannot keep the key in %s", file)
	}
	keys, err := parseSecretKeys(string(data))
	if err != nil {
		return nil, err
	}
	return keys[0], nil
}

// demoStore is the simulated shop.
type demoStore struct {
	server  *wootest.Server
	address net.Addr
}

// demoUntil is when the newest order of the demo store was placed: just before its first start, so that pages show sales of the last days.
// It is kept in the folder, for the same store is to come back with the next start. A store that is there already keeps its dates.
func (d *dev) demoUntil(ctx context.Context) (until time.Time, err error) {
	file := filepath.Join(d.folder, "demo-store.until")
	data, err := os.ReadFile(file)
	if err == nil {
		until, err = time.Parse(time.RFC3339, strings.TrimSpace(string(data)))
	}
	switch {
	case err == nil:
		return until, nil
	case !errors.Is(err, fs.ErrNotExist):
		return until, fault.Wrap(fault.Invalid, err, "%s does not hold a time: delete the file", file)
	}
	if _, err := d.process.db.Instance(ctx, demoID); !fault.Is(err, fault.NotFound) {
		return time.Time{}, err
	}
	until = time.Now().UTC().Truncate(time.Hour).Add(-time.Hour)
	if err := os.WriteFile(file, []byte(until.Format(time.RFC3339)+"\n"), 0o600); err != nil {
		return until, fault.Wrap(fault.Unavailable, err, "cannot keep the time of the demo store in %s", file)
	}
	return until, nil
}

func newDemoStore(o devOptions, until time.Time, address net.Addr) demoStore {
	options := wootest.Demo()
	if o.products != options.Products || o.customers != options.Customers || o.orders != options.Orders {
		options = wootest.Sized(o.products, o.customers, o.orders)
	}
	options.Seed, options.Until = o.seed, until
	return demoStore{server: wootest.New(options), address: address}
}

func (s demoStore) url() string { return "http://" + s.address.String() }
