package api

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"tandem/entity"
	"tandem/erp"
	"tandem/fault"
	"tandem/instance"
)

// normalize checks an instance and returns it in the form it is kept in.
func (s *server) normalize(ctx context.Context, in instance.Instance) (instance.Instance, error) {
	in, err := in.Normalize(s.ERPs)
	if err != nil {
		return in, underConfig(err)
	}
	return in, s.checkWorkflowRules(ctx, in.Config)
}

// checkChoices checks what is chosen of the ERP against what it offers; an instance that chooses nothing yet need not have
// one that answers.
func (s *server) checkChoices(ctx context.Context, in instance.Instance) error {
	if entity.CheckConfig(in.Config, erp.Options{}) == nil {
		return nil
	}
	options, err := s.options(ctx, in)
	if err != nil {
		return err
	}
	if err := entity.CheckConfig(in.Config, options); err != nil {
		return underConfig(err)
	}
	if in.State != instance.Active {
		return nil
	}
	return s.checkRulePayments(ctx, in.Config, options)
}

// checkNew checks what can be known of an instance before it is kept. An ERP that is not built in is asked when the instance
// connects, with the key that is kept then.
func (s *server) checkNew(ctx context.Context, in instance.Instance, keys instance.Credentials) error {
	if err := s.refuseERPSecret(in, keys); err != nil || s.ERPs.NeedsSecret(in.Backend) {
		return err
	}
	return s.checkChoices(ctx, in)
}

// refuseERPSecret refuses a key for an ERP that has none.
func (s *server) refuseERPSecret(in instance.Instance, keys instance.Credentials) error {
	if keys.ERPSecret == "" || s.ERPs.NeedsSecret(in.Backend) {
		return nil
	}
	return fault.Field("erp_secret", "must be left out: the %s has no key", in.Backend)
}

// checkWorkflowRules refuses rules that name a sale workflow nobody has made.
func (s *server) checkWorkflowRules(ctx context.Context, c instance.Config) error {
	if len(c.Order.Workflows) == 0 {
		return nil
	}
	known, err := s.DB.SaleWorkflows(ctx)
	if err != nil {
		return err
	}
	return underConfig(entity.CheckWorkflows(c, known))
}

// checkRulePayments refuses rules whose sale workflow registers payments in what this ERP does not have. Sale workflows are
// shared by all instances, but the journals they name are those of one ERP.
func (s *server) checkRulePayments(ctx context.Context, c instance.Config, options erp.Options) error {
	known, err := s.DB.SaleWorkflows(ctx)
	if err != nil {
		return err
	}
	var problems instance.Problems
	for i, rule := range c.Order.Workflows {
		at := slices.IndexFunc(known, func(w instance.SaleWorkflow) bool { return w.ID == rule.Workflow })
		if at < 0 || !known[at].RegisterPayment || checkPayment(known[at], options) == nil {
			continue
		}
		problems = append(problems, fault.Field(fmt.Sprintf("order.workflows[%d].workflow", i),
			"%q registers payments in a journal or by a method that this ERP does not have: make a sale workflow of its own for it", rule.Workflow))
	}
	return underConfig(problems.Err())
}

// configSections are the parts of a configuration, by which package instance names fields.
var configSections = []string{"general.", "product.", "payment.", "order.", "tax.", "stock.", "export.", "tracking.", "ownership.", "webhook.", "email.", "meta."}

// underConfig names fields of the configuration as requests do: "order.prefix" is "config.order.prefix".
func underConfig(err error) error {
	var problems instance.Problems
	if !errors.As(err, &problems) {
		return err
	}
	named := make(instance.Problems, len(problems))
	for i, problem := range problems {
		renamed := *problem
		renamed.Field = configField(problem.Field)
		named[i] = &renamed
	}
	return named.Err()
}

func configField(field string) string {
	for _, section := range configSections {
		if strings.HasPrefix(field, section) {
			return "config." + field
		}
	}
	return field
}
