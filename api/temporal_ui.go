package api

import (
	"net/url"
	"strings"
)

// runURL is where a run is shown in the Temporal UI: one execution, or the latest one when runID is empty. It is empty
// without a UI or without a run.
func (s *server) runURL(workflowID, runID string) string {
	if s.TemporalUI == "" || workflowID == "" {
		return ""
	}
	address := strings.TrimRight(s.TemporalUI, "/") + "/workflows/" + url.PathEscape(workflowID)
	if runID != "" {
		address += "/" + url.PathEscape(runID)
	}
	return address
}
