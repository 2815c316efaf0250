package main

import (
	"context"
	"errors"

	"github.com/nats-io/nats.go/jetstream"
)

// current is the package jetstream, which is for new programs.
type current struct{}

// open returns the JetStream of a domain, or the account's own.
func (current) open(c *connection, domain string) (jetstream.JetStream, error) {
	if domain != "" {
		return jetstream.NewWithDomain(c.Conn, domain)
	}
	return jetstream.New(c.Conn)
}

func (l current) streams(ctx context.Context, c *connection, r request) (any, error) {
	js, err := l.open(c, r.Domain)
	if err != nil {
		return nil, err
	}
	switch r.Op {
	case "store":
		ack, err := js.PublishMsg(ctx, msgOf(r))
		if err != nil {
			return nil, err
		}
		return stored{ack.Stream, ack.Sequence}, nil
	case "readInOrder":
		return l.readInOrder(ctx, js, r)
	case "readBySubject":
		return nil, unsupported("a consumer needs the name of its stream")
	case "createDurable":
		_, err := js.CreateConsumer(ctx, r.Stream, jetstream.ConsumerConfig{
			Durable:       r.Name,
			FilterSubject: r.Filter,
			AckPolicy:     jetstream.AckExplicitPolicy,
		})
		return nil, err
	case "fetch":
		return l.fetch(ctx, js, r)
	case "updateDurable":
		consumer, err := js.Consumer(ctx, r.Stream, r.Name)
		if err != nil {
			return nil, err
		}
		config := consumer.CachedInfo().Config
		config.MaxAckPending = r.MaxAckPending
		_, err = js.UpdateConsumer(ctx, r.Stream, config)
		return nil, err
	case "deleteDurable":
		return nil, js.DeleteConsumer(ctx, r.Stream, r.Name)
	case "lookAt":
		stream, err := js.Stream(ctx, r.Stream)
		if err != nil {
			return nil, err
		}
		return stream.CachedInfo().Config.Name, nil
	case "message":
		return l.message(ctx, js, r)
	}
	return nil, unknown(r)
}

func (current) readInOrder(ctx context.Context, js jetstream.JetStream, r request) (any, error) {
	config := jetstream.OrderedConsumerConfig{FilterSubjects: r.Filters}
	consumer, err := js.OrderedConsumer(ctx, r.Stream, config)
	if err != nil {
		return nil, err
	}
	messages, err := consumer.Messages()
	if err != nil {
		return nil, err
	}
	defer messages.Stop()
	texts := []string{}
	for len(texts) < r.Count {
		m, err := messages.Next(jetstream.NextContext(ctx))
		if err != nil {
			return nil, err
		}
		texts = append(texts, encode(m.Data()))
	}
	return texts, nil
}

func (current) fetch(ctx context.Context, js jetstream.JetStream, r request) (any, error) {
	stream, err := js.Stream(ctx, r.Stream)
	if err != nil {
		return nil, err
	}
	consumer, err := stream.Consumer(ctx, r.Durable)
	if err != nil {
		return nil, err
	}
	batch, err := consumer.Fetch(r.Count, jetstream.FetchMaxWait(patience/2))
	if err != nil {
		return nil, err
	}
	texts := []string{}
	for m := range batch.Messages() {
		if err := m.DoubleAck(ctx); err != nil {
			return nil, err
		}
		texts = append(texts, encode(m.Data()))
	}
	return texts, batch.Error()
}

func (current) message(ctx context.Context, js jetstream.JetStream, r request) (any, error) {
	stream, err := js.Stream(ctx, r.Stream)
	if err != nil {
		return nil, err
	}
	var found *jetstream.RawStreamMsg
	if r.Last != "" {
		found, err = stream.GetLastMsgForSubject(ctx, r.Last)
	} else {
		found, err = stream.GetMsg(ctx, r.Sequence)
	}
	if err != nil {
		return nil, err
	}
	return encode(found.Data), nil
}

func (l current) keyValue(ctx context.Context, c *connection, r request) (any, error) {
	js, err := l.open(c, r.Domain)
	if err != nil {
		return nil, err
	}
	bucket, err := js.KeyValue(ctx, r.Bucket)
	if err != nil {
		return nil, err
	}
	switch r.Op {
	case "kvGet":
		return l.get(ctx, bucket, r)
	case "kvPut":
		return bucket.Put(ctx, r.Key, r.Value)
	case "kvCreate":
		return bucket.Create(ctx, r.Key, r.Value)
	case "kvUpdate":
		return bucket.Update(ctx, r.Key, r.Value, r.Revision)
	case "kvDelete":
		return nil, bucket.Delete(ctx, r.Key)
	case "kvPurge":
		return nil, bucket.Purge(ctx, r.Key)
	case "kvKeys":
		lister, err := bucket.ListKeysFiltered(ctx, r.Filter)
		if err != nil {
			return nil, err
		}
		keys := []string{}
		for key := range lister.Keys() {
			keys = append(keys, key)
		}
		return keys, ctx.Err()
	case "kvHistory":
		entries, err := bucket.History(ctx, r.Key)
		if err != nil && !errors.Is(err, jetstream.ErrKeyNotFound) {
			return nil, err
		}
		return listOf(entries, l.entryOf), nil
	case "kvWatch":
		watcher, err := bucket.WatchFiltered(c.ctx, r.Keys)
		if err != nil {
			return nil, err
		}
		follow(c, r.Iteration, watcher.Updates(), watcher.Stop, l.entryOf)
		return nil, nil
	case "kvPurgeDeletes":
		return nil, bucket.PurgeDeletes(ctx, jetstream.DeleteMarkersOlderThan(-1))
	case "kvStatus":
		found, err := bucket.Status(ctx)
		if err != nil {
			return nil, err
		}
		return status{found.Bucket(), found.Bytes()}, nil
	}
	return nil, unknown(r)
}

func (l current) get(ctx context.Context, bucket jetstream.KeyValue, r request) (any, error) {
	var found jetstream.KeyValueEntry
	var err error
	if r.Revision != 0 {
		found, err = bucket.GetRevision(ctx, r.Key, r.Revision)
	} else {
		found, err = bucket.Get(ctx, r.Key)
	}
	if errors.Is(err, jetstream.ErrKeyNotFound) {
		return nil, nil
	}
	return l.entryOf(found), err
}

func (current) entryOf(e jetstream.KeyValueEntry) *entry {
	return entryOf(e)
}

func (l current) objects(ctx context.Context, c *connection, r request) (any, error) {
	js, err := l.open(c, r.Domain)
	if err != nil {
		return nil, err
	}
	store, err := js.ObjectStore(ctx, r.Store)
	if err != nil {
		return nil, err
	}
	switch r.Op {
	case "objectPut":
		info, err := store.PutBytes(ctx, r.Name, r.Data)
		return l.objectOf(info), err
	case "objectGet":
		data, err := store.GetBytes(ctx, r.Name)
		if errors.Is(err, jetstream.ErrObjectNotFound) {
			return nil, nil
		}
		return encode(data), err
	case "objectInfo":
		info, err := store.GetInfo(ctx, r.Name, jetstream.GetObjectInfoShowDeleted())
		if errors.Is(err, jetstream.ErrObjectNotFound) {
			return nil, nil
		}
		return l.objectOf(info), err
	case "objectList":
		infos, err := store.List(ctx)
		if err != nil && !errors.Is(err, jetstream.ErrNoObjectsFound) {
			return nil, err
		}
		return listOf(infos, l.objectOf), nil
	case "objectWatch":
		watcher, err := store.Watch(c.ctx)
		if err != nil {
			return nil, err
		}
		follow(c, r.Iteration, watcher.Updates(), watcher.Stop, l.objectOf)
		return nil, nil
	case "objectDelete":
		return nil, store.Delete(ctx, r.Name)
	case "objectStatus":
		found, err := store.Status(ctx)
		if err != nil {
			return nil, err
		}
		return status{found.Bucket(), found.Size()}, nil
	}
	return nil, unknown(r)
}

func (current) objectOf(info *jetstream.ObjectInfo) *object {
	if info == nil {
		return nil
	}
	return &object{info.Name, info.Size, info.Digest, info.Deleted}
}
