package main

import (
	"encoding/json"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"tandem/api/gen"
)

// planShown is how many records a plan shows unless a person asks for more.
const planShown = 100

// plannedTransfer is what a push or pull of one store would write.
type plannedTransfer struct {
	Instance string                `json:"instance"`
	Count    int                   `json:"count"`
	Items    []gen.PlannedRecord   `json:"items"`
	Refused  []gen.TransferRefusal `json:"refused"`
}

// plan says, field by field, what would be written. It reads page after page, up to a limit.
func (t transfer) plan(c *cobra.Command) error {
	var plans []plannedTransfer
	for _, instance := range t.Instances {
		plan, err := t.planOf(c, instance)
		if err != nil {
			return err
		}
		plans = append(plans, plan)
	}
	return answer(c, plans, func(w io.Writer) error {
		for _, plan := range plans {
			if err := plan.print(w, t.command == "pull"); err != nil {
				return err
			}
		}
		return nil
	})
}

func (t transfer) planOf(c *cobra.Command, instance string) (plannedTransfer, error) {
	plan := plannedTransfer{Instance: instance}
	request := gen.PushPlanRequest{
		Instance: instance, Entity: t.Entity, WooIds: t.WooIds, ERPIds: t.ERPIds, State: t.State, Parts: t.Parts, Force: t.Force, Limit: min(t.limit, 50),
	}
	for len(plan.Items) < t.limit {
		var page gen.PushPlan
		if err := remote().Post(c.Context(), "/"+t.command+"/plan", request, &page); err != nil {
			return plan, err
		}
		plan.Count, plan.Items, plan.Refused = page.Count, append(plan.Items, page.Items...), append(plan.Refused, page.Refused...)
		if request.After = page.Next; page.Next == "" {
			break
		}
	}
	return plan, nil
}

func (p plannedTransfer) print(w io.Writer, pulled bool) error {
	for _, record := range p.Items {
		if err := printPlanned(w, record, pulled); err != nil {
			return err
		}
	}
	for _, r := range p.Refused {
		if err := say(w, "%s: %s", r.Instance, r.Reason); err != nil {
			return err
		}
	}
	rest := ""
	if p.Count > len(p.Items) {
		rest = fmt.Sprintf("; --limit shows more than these %d", len(p.Items))
	}
	return say(w, "%s: %d records, of which nothing was written%s", p.Instance, p.Count, rest)
}

func printPlanned(w io.Writer, r gen.PlannedRecord, pulled bool) error {
	line := fmt.Sprintf("%s (%s in the store): %s", orDash(r.ERPID), orDash(r.WooID), r.Action)
	if r.Reason != "" {
		line += ": " + r.Reason
	}
	if err := say(w, "%s", line); err != nil {
		return err
	}
	for _, d := range r.Differences {
		before, after := d.Store, d.ERP
		if pulled {
			before, after = d.ERP, d.Store
		}
		if err := say(w, "    %s: %s → %s", d.Field, quoted(before), quoted(after)); err != nil {
			return err
		}
	}
	for _, d := range r.Kept {
		if err := say(w, "    kept back: %s: the store has %s, the ERP %s", d.Field, quoted(d.Store), quoted(d.ERP)); err != nil {
			return err
		}
	}
	return nil
}

// quoted shows a value with its ends, and nothing as a dash.
func quoted(text string) string {
	if text == "" {
		return "-"
	}
	shown, _ := json.Marshal(text) // a text can be
	return string(shown)
}
