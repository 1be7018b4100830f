package api

import (
	"context"
	"fmt"
	"strings"
	"time"

	"tandem/api/gen"
	"tandem/db"
	"tandem/entity"
	"tandem/flow"
	"tandem/instance"
)

// GetInstance reads one instance, with how its imports stand.
func (s *server) GetInstance(ctx context.Context, in gen.GetInstanceRequestObject) (gen.GetInstanceResponseObject, error) {
	found, err := s.DB.Instance(ctx, in.Instance)
	if err != nil {
		return nil, err
	}
	view := s.instanceView(found)
	imports, err := s.DB.EntityImports(ctx, found.ID, entity.Names(flow.Import))
	if err != nil {
		return nil, err
	}
	view.Imports = collect(imports, func(i db.EntityImport) gen.EntityImport {
		return gen.EntityImport{Entity: i.Entity, LastImportAt: i.LastImportAt, SeenUntil: i.SeenUntil}
	})
	paused, err := s.pausedOperations(ctx, found.ID)
	if err != nil {
		return nil, err
	}
	if view.Schedules, err = s.schedulesOf(ctx, found, paused); err != nil {
		return nil, err
	}
	mail, err := s.lastMail(ctx, found.ID)
	if err != nil {
		return nil, err
	}
	if mail != nil {
		view.LastMail = s.reportMail(*mail)
	}
	worst, err := s.problemOf(ctx, found, view.Schedules, paused, mail)
	view.Problem, view.ProblemCode = worst.Text, worst.Code
	return gen.GetInstance200JSONResponse(view), err
}

// problem is what a person should see to, and its code for programs; zero when there is nothing.
type problem struct{ Code, Text string }

// problemOf is what a person should see to first: what stands still, then what waits for somebody, then what will go wrong.
func (s *server) problemOf(ctx context.Context, in instance.Instance, schedules []gen.Schedule, paused []db.Operation, mail *db.ReportMail) (problem, error) {
	running, _, err := s.DB.Operations(ctx, db.OperationFilter{Instance: in.ID, State: db.OperationRunning}, db.Page{})
	if err != nil {
		return problem{}, err
	}
	if p := waitingProblem(running, in.ID); p.Text != "" {
		return p, nil
	}
	if in.ERP.Problem != "" {
		return problem{in.ERP.ProblemCode, in.ERP.Problem}, nil
	}
	if text, err := s.webhookProblem(ctx, in.ID); err != nil || text != "" {
		return problem{Code: "webhook_problem", Text: text}, err
	}
	for _, schedule := range schedules {
		if schedule.State == gen.ScheduleStatePaused && in.State == instance.Active {
			return problem{schedule.Code, string(schedule.Kind) + " is paused: " + schedule.Reason}, nil
		}
	}
	failing, err := s.DB.FailingSchedules(ctx, in.ID)
	if err != nil {
		return problem{}, err
	}
	if len(failing) > 0 && in.State == instance.Active {
		return problem{Code: "schedule_failing", Text: failing[0].Kind + " fails: " + failing[0].Error}, nil
	}
	if len(paused) > 0 {
		return problem{Code: "operation_paused", Text: pausedProblem(paused[len(paused)-1])}, nil
	}
	if text := reportProblem(mail); text != "" {
		return problem{Code: "report_not_sent", Text: text}, nil
	}
	counts, err := s.DB.Counters(ctx, in.ID)
	if err != nil {
		return problem{}, err
	}
	return lesserProblem(in, counts), nil
}

// waitingProblem says why an import under way does not get on; zero when all do.
func waitingProblem(running []db.Operation, id string) problem {
	for _, op := range running {
		for _, p := range op.Progress {
			if p.Waiting != nil && p.Instance == id {
				text := fmt.Sprintf("%s waits: %s (attempt %d since %s UTC, next at %s). %s", p.Entity, p.Waiting.Message, p.Waiting.Attempt,
					p.Waiting.Since.UTC().Format(time.DateTime), p.Waiting.NextTryAt.UTC().Format(time.TimeOnly), p.Waiting.Remedy)
				return problem{p.Waiting.Kind, text}
			}
		}
	}
	return problem{}
}

// pausedProblem says of an operation since when it is paused, and how it goes on.
func pausedProblem(op db.Operation) string {
	since := ""
	if !op.PausedAt.IsZero() {
		since = " since " + op.PausedAt.Format(time.DateTime) + " UTC"
	}
	return fmt.Sprintf("the import %s is paused%s: resume it (tandem operations resume %s) or cancel it", op.ID, since, op.ID)
}

// lesserProblem names what waits for a person, and otherwise what will go wrong as the instance is configured.
func lesserProblem(in instance.Instance, counts db.Counters) problem {
	var waiting []string
	for _, state := range []string{db.JobFailed, db.JobParked} {
		if n := counts.Jobs[state]; n > 0 {
			waiting = append(waiting, fmt.Sprintf("%d %s", n, state))
		}
	}
	if n := counts.OrderRuns[db.RunBlocked]; n > 0 {
		waiting = append(waiting, fmt.Sprintf("%d orders blocked", n))
	}
	if skew := in.Store.ClockSkewSeconds; skew != 0 {
		waiting = append(waiting, fmt.Sprintf("the store's clock is %s off: set it", (time.Duration(skew)*time.Second).Abs()))
	}
	if warnings := in.Warnings(); len(waiting) == 0 && len(warnings) > 0 {
		return problem{Text: warnings[0]}
	}
	if len(waiting) == 0 {
		return problem{}
	}
	return problem{Code: "needs_attention", Text: strings.Join(waiting, ", ")}
}
