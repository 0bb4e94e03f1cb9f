# Café: its menu, served.
source Listen => Serve;
