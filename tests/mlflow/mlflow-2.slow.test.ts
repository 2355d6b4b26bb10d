import { passes } from './client.ts'

// The last of the generation before, which many projects still pin.
passes('mlflow-2.22.5', ['mlflow-skinny==2.22.5', 'scikit-learn==1.9.1', 'pandas==3.1.1'])
