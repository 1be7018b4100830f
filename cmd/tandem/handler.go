package main

import (
	"net/http"
	"strings"

	"tandem/api"
	"tandem/erp/open"
	"tandem/worker"
)

// api gives the API's handler over what the process has open.
func (p *process) api(noAuth bool) (http.Handler, error) {
	ui := p.settings.temporalUI
	if ui != "" {
		ui = strings.TrimRight(ui, "/") + "/namespaces/" + p.settings.temporal.Namespace
	}
	return api.New(api.Options{
		DB: p.db, Runs: api.TemporalRuns{Client: p.temporal},
		Schedules: &worker.Schedules{Client: p.temporal, DB: p.db},
		Stores:    p.connections, Backends: p.connections, ERPs: open.Drivers(),
		Linker: p.connections, Planner: p.connections, Stock: p.connections, ImageKeys: p.imageKeys,
		Webhooks: &worker.Webhooks{DB: p.db, Connections: p.connections, PublicURL: p.settings.publicURL, Logger: p.log},
		Logger:   p.log, Version: version, NoAuth: noAuth, TemporalUI: ui, TrustedProxies: p.settings.proxies,
		Metrics: p.metrics.Registry,
	})
}
