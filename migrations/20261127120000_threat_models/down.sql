DROP TABLE threat_model_images;
DROP TABLE threat_model_records;
DROP TABLE threat_model_revisions;
DROP TABLE threat_models;
