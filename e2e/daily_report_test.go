package e2e

import (
	"encoding/base64"
	"io"
	"mime"
	"mime/multipart"
	netmail "net/mail"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/api/gen"
	"tandem/mail/mailtest"
	"tandem/woo/wootest"
	"tandem/workflows"
)

// TestDailyReportIsSentOnce fires a schedule of reports twice: its recipient gets one mail, which has the sales as a PDF.
func TestDailyReportIsSentOnce(t *testing.T) {
	t.Parallel()
	store := openShop(t, wootest.Sized(5, 3, 6))
	server := mailtest.Start(t, mailtest.Options{ImplicitTLS: true, User: "tandem", Password: "secret"})
	x := install(t, shared.postgres)
	roots := filepath.Join(t.TempDir(), "roots.pem")
	require.NoError(t, os.WriteFile(roots, server.PEM, 0o600))
	x.env = append(x.env, "SSL_CERT_FILE="+roots)
	x.serve()
	x.connect(store.URL)
	x.importAll(everything)
	require.NoError(t, x.api.Put(t.Context(), "/mail-settings", gen.MailSettingsInput{
		Host: server.Host, Port: server.Port, Username: "tandem", Password: "secret", Sender: "tandem@shop.example",
	}, nil))
	in := get[gen.Instance](x, "/instances/"+instanceID)
	in.Config.Email.Recipients = []string{"boss@shop.example"}
	require.NoError(t, x.api.Patch(t.Context(), "/instances/"+instanceID, map[string]any{"config": in.Config}, nil))
	schedule := post[gen.Schedule](x, "/schedules", map[string]any{
		"instance": instanceID, "kind": "daily_report", "calendar": map[string]any{"times": []string{"06:30"}},
	})

	x.fire(schedule, 1)
	var sent gen.ReportMail
	eventually(t, "the report to be sent", func() bool {
		mails := get[gen.ReportMailPage](x, "/reports/mails?instance="+instanceID).Items
		if len(mails) == 1 {
			sent = mails[0]
		}
		return sent.State == "sent"
	})
	x.keep("report", workflows.ReportID(instanceID, sent.Period))
	x.fire(schedule, 2)

	require.Len(t, get[gen.ReportMailPage](x, "/reports/mails").Items, 1)
	require.Len(t, server.Mails(), 1)
	require.True(t, server.Mails()[0].Encrypted)
	requireReportMail(t, server.Mails()[0], sent.Period)
	last := get[gen.Instance](x, "/instances/"+instanceID).LastMail
	require.Equal(t, []string{sent.Period, "sent", "boss@shop.example"}, []string{last.Period, last.State, last.Deliveries[0].Recipient})
	x.env = append(x.env, "TANDEM_URL="+x.url, "TANDEM_TOKEN="+x.token)
	require.Contains(t, x.command("status", instanceID), "last mail       "+sent.Period+", sent at ")
}

// fire runs a schedule of reports now, and waits for the end of its nth run.
func (x *tandem) fire(schedule gen.Schedule, nth int) {
	x.t.Helper()
	post[gen.Schedule](x, "/schedules/"+schedule.ID+"/run", nil)
	var runs []string
	eventually(x.t, "the schedule to fire", func() bool {
		runs = nil
		for _, e := range x.executions() {
			if strings.HasPrefix(e.WorkflowId, workflows.ScheduledReportID(instanceID, string(schedule.Kind))) {
				runs = append(runs, e.WorkflowId)
			}
		}
		return len(runs) == nth
	})
	for _, id := range runs {
		x.closed(id)
	}
	x.keep("scheduled_report", runs[len(runs)-1])
}

// requireReportMail reads a mail as any program would.
func requireReportMail(t *testing.T, m mailtest.Mail, period string) {
	t.Helper()
	require.Equal(t, []string{"tandem@shop.example", "boss@shop.example"}, []string{m.From, m.To})
	read, err := netmail.ReadMessage(strings.NewReader(m.Data))
	require.NoError(t, err)
	require.NotEmpty(t, read.Header.Get("Message-Id"))
	parts := map[string]string{}
	readParts(t, read.Header.Get("Content-Type"), read.Header.Get("Content-Transfer-Encoding"), read.Body, parts)
	require.Contains(t, parts, "text/plain")
	require.Contains(t, parts, "text/html")
	require.True(t, strings.HasPrefix(parts["application/pdf"], "%PDF-"))
	require.Equal(t, "sales-"+instanceID+"-"+period+".pdf", parts["name"])
}

// readParts reads the parts of a body, those within parts too.
func readParts(t *testing.T, kind, encoding string, body io.Reader, parts map[string]string) {
	t.Helper()
	media, parameters, err := mime.ParseMediaType(kind)
	require.NoError(t, err)
	if !strings.HasPrefix(media, "multipart/") {
		if encoding == "base64" {
			body = base64.NewDecoder(base64.StdEncoding, body)
		}
		text, err := io.ReadAll(body)
		require.NoError(t, err)
		parts[media] = string(text)
		return
	}
	for all := multipart.NewReader(body, parameters["boundary"]); ; {
		part, err := all.NextPart()
		if err == io.EOF { //nolint:errorlint // mime/multipart gives it bare
			return
		}
		require.NoError(t, err)
		if name := part.FileName(); name != "" {
			parts["name"] = name
		}
		readParts(t, part.Header.Get("Content-Type"), part.Header.Get("Content-Transfer-Encoding"), part, parts)
	}
}
