package api

import (
	"context"

	"tandem/api/gen"
	"tandem/fault"
	"tandem/instance"
)

// ListMetaMappings lists an instance's meta mappings.
func (s *server) ListMetaMappings(ctx context.Context, in gen.ListMetaMappingsRequestObject) (gen.ListMetaMappingsResponseObject, error) {
	if _, err := s.DB.Instance(ctx, in.Instance); err != nil {
		return nil, err
	}
	list, err := s.DB.MetaMappings(ctx, in.Instance)
	return gen.ListMetaMappings200JSONResponse{Items: append([]instance.MetaMapping{}, list...)}, err
}

// CreateMetaMapping keeps a new meta mapping.
func (s *server) CreateMetaMapping(ctx context.Context, in gen.CreateMetaMappingRequestObject) (gen.CreateMetaMappingResponseObject, error) {
	if _, err := s.DB.Instance(ctx, in.Instance); err != nil {
		return nil, err
	}
	wanted := metaMapping("", in.Instance, *in.Body)
	if err := wanted.Validate(); err != nil {
		return nil, err
	}
	m, err := s.DB.CreateMetaMapping(ctx, wanted)
	if err == nil {
		err = s.wakeMapped(ctx, in.Instance)
	}
	return gen.CreateMetaMapping201JSONResponse{
		Body:    m,
		Headers: gen.CreateMetaMapping201ResponseHeaders{Location: located("instances", in.Instance, "meta-mappings", m.ID)},
	}, err
}

// UpdateMetaMapping replaces a meta mapping.
func (s *server) UpdateMetaMapping(ctx context.Context, in gen.UpdateMetaMappingRequestObject) (gen.UpdateMetaMappingResponseObject, error) {
	if err := s.ownsMapping(ctx, in.Instance, in.Mapping); err != nil {
		return nil, err
	}
	wanted := metaMapping(in.Mapping, in.Instance, *in.Body)
	if err := wanted.Validate(); err != nil {
		return nil, err
	}
	m, err := s.DB.UpdateMetaMapping(ctx, wanted)
	if err == nil {
		err = s.wakeMapped(ctx, in.Instance)
	}
	return gen.UpdateMetaMapping200JSONResponse(m), err
}

// DeleteMetaMapping deletes a meta mapping.
func (s *server) DeleteMetaMapping(ctx context.Context, in gen.DeleteMetaMappingRequestObject) (gen.DeleteMetaMappingResponseObject, error) {
	if err := s.ownsMapping(ctx, in.Instance, in.Mapping); err != nil {
		return nil, err
	}
	if err := s.DB.DeleteMetaMapping(ctx, in.Mapping); err != nil {
		return nil, err
	}
	return gen.DeleteMetaMapping204Response{}, s.wakeMapped(ctx, in.Instance)
}

// ownsMapping refuses a mapping of another instance than the address names.
func (s *server) ownsMapping(ctx context.Context, inst, id string) error {
	m, err := s.DB.MetaMapping(ctx, id)
	if err == nil && m.Instance != inst {
		err = fault.New(fault.NotFound, "meta mapping not found")
	}
	return err
}

func metaMapping(id, inst string, in gen.MetaMappingInput) instance.MetaMapping {
	return instance.MetaMapping{
		ID: id, Instance: inst, Model: instance.MetaModel(in.Model), Key: in.MetaKey, Field: in.Field,
		Type: string(in.Type), Active: in.Active,
	}
}
