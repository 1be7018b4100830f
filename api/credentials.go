package api

import (
	"context"

	"tandem/api/gen"
	"tandem/fault"
	"tandem/instance"
)

// SetCredentials seals the store's keys.
func (s *server) SetCredentials(ctx context.Context, in gen.SetCredentialsRequestObject) (gen.SetCredentialsResponseObject, error) {
	keys := instance.Credentials{ConsumerKey: in.Body.ConsumerKey, ConsumerSecret: in.Body.ConsumerSecret}
	if err := keys.Validate(); err != nil {
		return nil, err
	}
	return gen.SetCredentials204Response{}, s.DB.SetCredentials(ctx, in.Instance, keys)
}

// SetERPCredentials seals the ERP's key.
func (s *server) SetERPCredentials(ctx context.Context, in gen.SetERPCredentialsRequestObject) (gen.SetERPCredentialsResponseObject, error) {
	found, err := s.DB.Instance(ctx, in.Instance)
	if err != nil {
		return nil, err
	}
	if !s.ERPs.NeedsSecret(found.Backend) {
		return nil, fault.New(fault.Conflict, "the instance is kept in step with the %s, which has no key", found.Backend)
	}
	secret := instance.Credentials{ERPSecret: in.Body.Secret}
	return gen.SetERPCredentials204Response{}, s.DB.SetCredentials(ctx, in.Instance, secret)
}
