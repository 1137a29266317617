"""localstripe on loopback, with its data in a folder of ours. Its own command listens on every interface
and keeps everything in one file below /tmp.

    python serve.py PORT FOLDER
"""
import os
import pickle
import sys

from aiohttp import web
from localstripe import resources, server

port, kept = int(sys.argv[1]), os.path.join(sys.argv[2], 'store.pickle')


def dump(store):
    with open(kept + '.new', 'wb') as file:
        pickle.dump(dict(store), file)
    os.replace(kept + '.new', kept)


resources.Store.dump_to_disk = dump
if os.path.exists(kept):
    with open(kept, 'rb') as file:
        resources.store.update(pickle.load(file))
web.run_app(server.app, host='127.0.0.1', port=port, print=None)
