"""The six files of the lab, and no others."""

FILES = ("etc/ssh/sshd_config", "etc/ssh/sshd_config.d/10-image.conf",
         "etc/ssh/sshd_config.d/50-partner.conf", "etc/nginx/nginx.conf",
         "etc/nginx/conf.d/portal.conf", "etc/nginx/conf.d/partner-api.conf")
MAX_BYTES = 64 * 1024
