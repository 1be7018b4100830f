package activities

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/testsuite"

	"tandem/db"
	"tandem/fault"
)

// restartingStore is a database that does not answer for some attempts to record a delivery.
type restartingStore struct {
	reportStore
	away     int
	recorded []string
}

func (s *restartingStore) ReportDelivery(context.Context, int64) (db.ReportMail, db.ReportDelivery, error) {
	return db.ReportMail{ID: 1}, db.ReportDelivery{ID: 2, State: db.MailWaiting}, nil
}

func (s *restartingStore) RecordReportDelivery(_ context.Context, _ int64, state string, _ int, _ string) error {
	if s.away > 0 {
		s.away--
		return fault.New(fault.Unavailable, "the database does not answer")
	}
	s.recorded = append(s.recorded, state)
	return nil
}

// countingSender sends nothing.
type countingSender struct {
	sent int
	err  error
}

func (s *countingSender) SendReport(context.Context, db.ReportMail, db.ReportDelivery) (string, error) {
	s.sent++
	return "250 ok", s.err
}

// A database that restarts right after a mail was sent does not have it sent again.
func TestAMailThatWasSentIsRecorded(t *testing.T) {
	for name, c := range map[string]struct {
		fails error
		away  int
		want  []string
		again bool // Temporal tries again
	}{
		"sent":         {away: 2, want: []string{db.MailSent}},
		"not sent yet": {fails: fault.New(fault.Unavailable, "450 greylisted"), want: []string{db.MailWaiting}, again: true},
	} {
		t.Run(name, func(t *testing.T) {
			store, sender := &restartingStore{away: c.away}, &countingSender{err: c.fails}
			reports := &Reports{Store: store, Sender: sender}
			var suite testsuite.WorkflowTestSuite
			env := suite.NewTestActivityEnvironment()
			env.RegisterActivity(reports)
			_, err := env.ExecuteActivity(reports.SendReport, SendInput{Delivery: 2})
			require.Equal(t, c.again, err != nil, "%v", err)
			require.Equal(t, 1, sender.sent)
			require.Equal(t, c.want, store.recorded)
		})
	}
}
