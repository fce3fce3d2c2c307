-- healthdb.sqlite of iOS 13.4.1, from the test data of plaso (Apache-2.0); sources and devices.
CREATE TABLE source_devices(ROWID INT, name TEXT, manufacturer TEXT, model TEXT, hardware TEXT, firmware TEXT, software TEXT, localIdentifier TEXT, FDAUDI TEXT, creation_date REAL, sync_provenance INT, uuid);
CREATE TABLE sources(ROWID INT, uuid, bundle_id TEXT, name TEXT, source_options INT, local_device INT, product_type TEXT, deleted INT, mod_date REAL, provenance INT, sync_anchor INT, owner_bundle_id TEXT);
