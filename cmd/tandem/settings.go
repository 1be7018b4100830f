package main

import (
	"cmp"
	"context"
	"encoding/base64"
	"os"
	"strings"

	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/contrib/envconfig"

	"tandem/db"
	"tandem/erp/open"
	"tandem/fault"
	"tandem/worker"
)

// settings are what a server process needs from the environment.
type settings struct {
	databaseURL string         // DATABASE_URL
	temporal    client.Options // TEMPORAL_ADDRESS and Temporal's other variables
	secretKeys  [][]byte       // TANDEM_SECRET_KEY: base64 of 32 bytes; older keys follow after commas
	listen      string         // TANDEM_LISTEN
	metrics     string         // TANDEM_METRICS_LISTEN: where a worker shows its metrics; empty shows none
	publicURL   string         // TANDEM_PUBLIC_URL: where stores reach the API
	temporalUI  string         // TANDEM_TEMPORAL_UI: where links into the Temporal UI lead
	proxies     []string       // TANDEM_TRUSTED_PROXIES: addresses and networks, separated by commas
}

// settingsFromEnv reads and checks the environment of a server process.
func settingsFromEnv() (settings, error) {
	url, err := databaseURL()
	if err != nil {
		return settings{}, err
	}
	s := settings{
		databaseURL: url,
		listen:      cmp.Or(os.Getenv("TANDEM_LISTEN"), "127.0.0.1:8080"),
		metrics:     os.Getenv("TANDEM_METRICS_LISTEN"),
		temporalUI:  os.Getenv("TANDEM_TEMPORAL_UI"),
		proxies:     strings.FieldsFunc(os.Getenv("TANDEM_TRUSTED_PROXIES"), func(r rune) bool { return r == ',' || r == ' ' }),
	}
	if s.publicURL, err = worker.ParsePublicURL(os.Getenv("TANDEM_PUBLIC_URL")); err != nil {
		return s, err
	}
	if s.temporal, err = temporalOptions(); err != nil {
		return s, err
	}
	s.secretKeys, err = parseSecretKeys(os.Getenv("TANDEM_SECRET_KEY"))
	return s, err
}

// openDatabase opens the database that the environment names, for a command that works on it directly.
func openDatabase(ctx context.Context) (*db.DB, error) {
	s, err := settingsFromEnv()
	if err != nil {
		return nil, err
	}
	return db.Open(ctx, s.databaseURL, db.Options{SecretKeys: s.secretKeys, ERPs: open.Drivers()})
}

// temporalOptions reads the variables that all Temporal clients share: address, namespace, TLS and API key.
func temporalOptions() (client.Options, error) {
	options, err := envconfig.LoadDefaultClientOptions()
	if err != nil {
		return options, fault.Wrap(fault.Invalid, err, "Temporal's environment variables do not fit together: %v", err)
	}
	options.HostPort = cmp.Or(options.HostPort, client.DefaultHostPort)
	options.Namespace = cmp.Or(options.Namespace, client.DefaultNamespace)
	return options, nil
}

func databaseURL() (string, error) {
	if url := os.Getenv("DATABASE_URL"); url != "" {
		return url, nil
	}
	return "", fault.New(fault.Invalid, "DATABASE_URL is not set: give the address of a PostgreSQL database, e.g. postgres://tandem@db/tandem")
}

func parseSecretKeys(text string) ([][]byte, error) {
	if text == "" {
		return nil, fault.New(fault.Invalid, "TANDEM_SECRET_KEY is not set: it seals the stores' keys; make one with: openssl rand -base64 32")
	}
	var keys [][]byte
	for part := range strings.SplitSeq(text, ",") {
		key, err := base64.StdEncoding.DecodeString(strings.TrimSpace(part))
		if err != nil || len(key) != 32 {
			return nil, fault.New(fault.Invalid, "TANDEM_SECRET_KEY does not hold 32 bytes in base64: make one with: openssl rand -base64 32")
		}
		keys = append(keys, key)
	}
	return keys, nil
}
