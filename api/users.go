package api

import (
	"context"

	"tandem/api/gen"
	"tandem/db"
)

// ListUsers lists who may sign in.
func (s *server) ListUsers(ctx context.Context, _ gen.ListUsersRequestObject) (gen.ListUsersResponseObject, error) {
	list, err := s.DB.Users(ctx)
	return gen.ListUsers200JSONResponse{Items: collect(list, user)}, err
}

// CreateUser adds a user.
func (s *server) CreateUser(ctx context.Context, in gen.CreateUserRequestObject) (gen.CreateUserResponseObject, error) {
	made, password, err := s.DB.CreateUser(ctx, db.NewUser{
		Email: in.Body.Email, Name: in.Body.Name, Role: string(in.Body.Role), Password: in.Body.Password,
	})
	if in.Body.Password != "" {
		password = "" // the caller knows it
	}
	return gen.CreateUser201JSONResponse{User: user(made), Password: password}, err
}

// UpdateUser changes a user.
func (s *server) UpdateUser(ctx context.Context, in gen.UpdateUserRequestObject) (gen.UpdateUserResponseObject, error) {
	changed, err := s.DB.UpdateUser(ctx, in.User, db.UserChange{
		Name: in.Body.Name, Role: text(in.Body.Role), Password: text(in.Body.Password), Disabled: in.Body.Disabled,
	})
	return gen.UpdateUser200JSONResponse(user(changed)), err
}

// text gives a value of a string's kind as a string; nil for nil.
func text[T ~string](value *T) *string {
	if value == nil {
		return nil
	}
	plain := string(*value)
	return &plain
}

// RemoveUser removes a user.
func (s *server) RemoveUser(ctx context.Context, in gen.RemoveUserRequestObject) (gen.RemoveUserResponseObject, error) {
	return gen.RemoveUser204Response{}, s.DB.RemoveUser(ctx, in.User)
}

func user(u db.User) gen.User {
	return gen.User{
		ID: u.ID, Email: u.Email, Name: u.Name, Role: gen.Scope(u.Role), CreatedAt: u.CreatedAt, LastSignInAt: u.LastSignInAt, DisabledAt: u.DisabledAt,
	}
}
