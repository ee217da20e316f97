-- What the boxes of a lab were made of: the digest of an image (64 hex
-- digits), or 'host' for the machine's own system. NULL: not run yet, or
-- before this was written down. Of a run: image is that of setup, shell_image
-- that of the shell opened last; of a submission: that of check.
ALTER TABLE lab_run ADD COLUMN image TEXT;
ALTER TABLE lab_run ADD COLUMN shell_image TEXT;
ALTER TABLE lab_submission ADD COLUMN image TEXT;
